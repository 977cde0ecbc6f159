"""Jobs whose programs are jars, compiled here with the machine's `javac` against the jars of the installed Spark."""

import shutil
import subprocess
import zipfile

import pytest

from saharaclient.local.engines.runtime import find_spark

# Executors need the program's own class and the library's, so the sum shows that both jars reach them.
PROGRAM = """
import java.util.Arrays;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;

public class Program {
    public static void main(String[] words) throws Exception {
        try (JavaSparkContext spark = new JavaSparkContext(new SparkConf())) {
            int sum = spark.parallelize(Arrays.asList(words), 2).map(Library::value).reduce(Integer::sum);
            System.out.println("sum " + sum);
        }
        byte[] found = Program.class.getClassLoader().getResourceAsStream("greeting.txt").readAllBytes();
        System.out.println(new String(found));
    }
}
"""
LIBRARY = """
public class Library {
    public static int value(String word) { return Integer.parseInt(word) * 2; }
}
"""
PLAIN = """
import org.apache.hadoop.conf.Configuration;

public class Plain {
    public static void main(String[] words) {
        System.out.println(Library.value(words[0]) + " " + new Configuration().get("my.key"));
        System.out.println(System.getProperty("my.option"));
        System.out.println(System.getProperty("java.io.tmpdir"));
        System.exit(words.length > 1 ? 5 : 0);
    }
}
"""


@pytest.fixture(scope="module")
def jars(tmp_path_factory):
    """The bytes of a jar for each class."""
    if shutil.which("javac") is None:
        pytest.skip("no javac on this machine: there is no jar to run")
    folder, spark = tmp_path_factory.mktemp("jars"), find_spark()[0]
    sources = {"Program": PROGRAM, "Library": LIBRARY, "Plain": PLAIN}
    for name, text in sources.items():
        (folder / f"{name}.java").write_text(text)
    compile_ = ["javac", "--release", "11", "-cp", f"{spark}/jars/*", *(f"{name}.java" for name in sources)]
    subprocess.run(compile_, cwd=folder, check=True, timeout=120)
    for name in sources:
        with zipfile.ZipFile(folder / f"{name}.jar", "w") as jar:
            for file in folder.glob(f"{name}*.class"):
                jar.write(file, file.name)
    return {name: folder / f"{name}.jar" for name in sources}


def test_spark_program_with_a_library_and_a_class_path_of_its_own(bench, jars, tmp_path):
    (tmp_path / "greeting.txt").write_text("hello")
    configs = {"edp.java.main_class": "Program", "edp.spark.driver.classpath": str(tmp_path)}
    # Without a suffix: a binary may have any name.
    main = {"program": jars["Program"].read_bytes()}
    folder, status = bench.run("Spark", main, libs=(jars["Library"],), args=("1", "2", "3"), configs=configs)
    assert status.status == "SUCCEEDED", (folder / "stderr").read_text()[-3000:]
    assert (folder / "stdout").read_text() == "sum 12\nhello\n"


def test_spark_program_without_its_class_says_so(bench, jars):
    main = {"p.jar": jars["Library"].read_bytes()}
    _, status = bench.run("Spark", main, configs={"edp.java.main_class": "no.such.Program"})
    assert status.status == "FAILED"
    assert "Failed to load class no.such.Program" in status.reason


@pytest.mark.parametrize(("words", "result"), [(("21",), "0"), (("21", "fail"), "5")])
def test_java_program_gets_its_configs_and_keeps_its_status(bench, jars, words, result):
    configs = {"edp.java.main_class": "Plain", "edp.java.java_opts": "-Dmy.option=set", "my.key": "a <b> & c"}
    main = {"plain.jar": jars["Plain"].read_bytes()}
    folder, status = bench.run("Java", main, libs=(jars["Library"],), args=words, configs=configs)
    assert (folder / "stdout").read_text() == f"42 a <b> & c\nset\n{folder}/scratch\n", (folder / "stderr").read_text()
    assert status.info["result"] == result
    assert status.status == ("SUCCEEDED" if result == "0" else "FAILED")
