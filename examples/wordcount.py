"""A PySpark word count: ``wordcount.py INPUT OUTPUT`` writes one ``word<TAB>count`` a line, the most frequent first."""

import re
import sys

from pyspark.sql import SparkSession


def main(source: str, target: str) -> None:
    spark = SparkSession.builder.getOrCreate()
    counts = (
        spark.sparkContext.textFile(source)
        .flatMap(lambda line: re.findall(r"[a-z]+(?:'[a-z]+)?", line.lower()))
        .map(lambda word: (word, 1))
        .reduceByKey(lambda left, right: left + right)
        .sortBy(lambda pair: (-pair[1], pair[0]), numPartitions=1)
    )
    counts.map(lambda pair: f"{pair[0]}\t{pair[1]}").saveAsTextFile(target)
    spark.stop()


if __name__ == "__main__":
    main(*sys.argv[1:])
