"""What a program with Spark's plain client does; each line that it reads is where a server is, and maybe a token.

It answers with the result of a query and the seconds that took, or with what it was refused with.
"""

import contextlib
import json
import sys
import time

import pyspark.sql.connect.session
from pyspark.errors import PySparkException
from pyspark.sql import SparkSession
from pyspark.sql.functions import udf

print(json.dumps({"ready": pyspark.sql.connect.session.__name__}), flush=True)
for line in sys.stdin:
    began = time.monotonic()
    spark = SparkSession.builder.remote(line.strip()).create()
    try:
        [row] = spark.range(10).selectExpr("sum(id) AS total").collect()
        told = {"total": row.total, "seconds": time.monotonic() - began}
        [row] = spark.range(1).select(udf(lambda value: f"{value} of a function")("id").alias("text")).collect()
        told["text"] = row.text
    except PySparkException as error:
        told = {"refused": str(error)}
    with contextlib.suppress(PySparkException):
        spark.stop()  # functions are made for the session that was begun last
    print(json.dumps(told), flush=True)
