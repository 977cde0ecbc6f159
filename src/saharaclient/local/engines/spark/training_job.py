"""A little of all that jobs do, so that Spark loads what they need; ``spark-submit`` runs it with a folder to write to.

First as a driver, with master and worker in the same process; then with the executors in it too.
"""

from __future__ import annotations

import sys
from typing import Any

from pyspark import SparkConf, SparkContext  # type: ignore[import-untyped, unused-ignore]
from pyspark.sql import SparkSession, functions  # type: ignore[import-untyped, unused-ignore]

OTHERS = ("deploy.history.HistoryServer", "deploy.history.FsHistoryProvider", "executor.CoarseGrainedExecutorBackend")


def main(folder: str) -> None:
    """Do it."""
    with SparkContext(conf=SparkConf().setMaster("local-cluster[1,1,512]").setAppName("training")) as driver:
        driver.parallelize(range(10), 1).map(lambda number: (number % 3, number)).reduceByKey(max, 1).collect()
    spark = SparkSession.builder.master("local[1]").appName("training").enableHiveSupport().getOrCreate()
    java: Any = spark.sparkContext._jvm
    for name in OTHERS:
        java.java.lang.Class.forName(f"org.apache.spark.{name}")
    _rdds(spark, folder)
    _frames(spark, folder)
    _tables(spark)
    spark.stop()


def _rdds(spark: SparkSession, folder: str) -> None:
    lines = spark.sparkContext.parallelize(["a b", "b c"], 1)
    counts = lines.flatMap(str.split).map(lambda word: (word, 1)).reduceByKey(lambda left, right: left + right, 1)
    counts.saveAsTextFile(f"{folder}/counts")
    spark.sparkContext.textFile(f"{folder}/counts").count()


def _frames(spark: SparkSession, folder: str) -> None:
    numbers = spark.range(0, 100, 1, 1).withColumn("name", functions.concat(functions.lit("n"), functions.col("id")))
    numbers = numbers.withColumn("day", functions.current_date()).withColumn("half", functions.col("id") / 2)
    for kind in ("parquet", "json", "csv"):
        numbers.write.format(kind).option("header", "true").save(f"{folder}/{kind}")
    read = spark.read.option("header", "true")
    tables = [read.parquet(f"{folder}/parquet"), read.json(f"{folder}/json"), read.csv(f"{folder}/csv")]
    joined = tables[0].join(tables[1], "name").join(tables[2], "name").groupBy("day").agg(functions.count("name"))
    joined.orderBy("day").show()
    numbers.select(functions.udf(str.upper)("name")).collect()


def _tables(spark: SparkSession) -> None:
    spark.sql("CREATE TABLE numbers (id INT, name STRING)")
    spark.sql("INSERT INTO numbers VALUES (1, 'one'), (2, 'two')")
    spark.sql("SELECT name, count(*) FROM numbers WHERE id > 0 GROUP BY name ORDER BY name").collect()


if __name__ == "__main__":
    main(sys.argv[1])
