"""What a program with Spark's plain client does; each line that it reads is where a server is, and maybe a token.

It answers with the result of a query and the seconds that took, or with what it was refused with.
"""

import json
import sys
import time

import pyspark.sql.connect.session
from pyspark.errors import PySparkException
from pyspark.sql import SparkSession

print(json.dumps({"ready": pyspark.sql.connect.session.__name__}), flush=True)
for line in sys.stdin:
    began = time.monotonic()
    try:
        spark = SparkSession.builder.remote(line.strip()).create()
        [row] = spark.range(10).selectExpr("sum(id) AS total").collect()
        told = {"total": row.total, "seconds": time.monotonic() - began, "version": spark.version}
        spark.stop()
    except PySparkException as error:
        told = {"refused": str(error)}
    print(json.dumps(told), flush=True)
