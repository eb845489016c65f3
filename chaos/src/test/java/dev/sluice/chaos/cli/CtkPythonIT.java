package dev.sluice.chaos.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.chaos.Peers;
import dev.sluice.chaos.toxiproxy.ToxiproxyServer;
import dev.sluice.testkit.http.Body;
import dev.sluice.testkit.http.H1Answer;
import dev.sluice.testkit.http.H1Request;
import dev.sluice.testkit.http.H1Upstream;
import dev.sluice.testkit.http.Headers;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Each call of Python that is known here, in the Chaos Toolkit and here: the same status and the
 * same value in the journal, on our Toxiproxy and a scripted Prometheus. The record is of
 * chaostoolkit-toxiproxy 0.3.1 and chaostoolkit-prometheus 0.6.0.
 */
class CtkPythonIT {
    private static final Path RECORD = Path.of("src/test/resources/ctk/python.tsv");
    private static final JsonMapper JSON = new JsonMapper();
    private static final String PROXY = "chaostoxi.proxy.actions.";
    private static final String PROXY_PROBE = "chaostoxi.proxy.probes.";
    private static final String TOXIC = "chaostoxi.toxic.actions.";
    private static final String PROMETHEUS = "chaosprometheus.probes.";
    private static final Set<String> TIMES = Set.of("time", "start", "end");

    @TempDir private Path folder;

    private final H1Upstream prometheus = H1Upstream.start(CtkPythonIT::answer);
    private final ToxiproxyServer toxiproxy;
    private final ArrayNode method = JSON.createArrayNode();

    CtkPythonIT() throws IOException {
        toxiproxy =
                ToxiproxyServer.start(
                        new ToxiproxyServer.Settings(
                                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1, 1));
    }

    @AfterEach
    void close() {
        toxiproxy.close();
        prometheus.close();
    }

    /** What it was asked, times in seconds, as they have many shapes. */
    private static H1Answer answer(H1Request request) {
        QueryStringDecoder query = new QueryStringDecoder(request.target());
        if (query.uri().contains("fail")) {
            return H1Answer.status(422);
        }
        ObjectNode data = JSON.createObjectNode().put("path", query.path());
        new TreeMap<>(query.parameters())
                .forEach((name, values) ->
                        data.put(
                                name,
                                TIMES.contains(name)
                                        ? Long.toString(
                                                OffsetDateTime.parse(values.getFirst())
                                                        .toEpochSecond())
                                        : values.getFirst()));
        ObjectNode body = JSON.createObjectNode().put("status", "success");
        body.set("data", data);
        return H1Answer.of(
                200, Headers.of("content-type", "application/json"), Body.of(body.toString()));
    }

    private void call(String name, String function, String arguments) throws IOException {
        ObjectNode activity = method.addObject();
        activity.put("type", function.contains("probes") ? "probe" : "action").put("name", name);
        int dot = function.lastIndexOf('.');
        ObjectNode provider = activity.putObject("provider").put("type", "python");
        provider.put("module", function.substring(0, dot)).put("func", function.substring(dot + 1));
        provider.set("arguments", JSON.readTree("{" + arguments.replace('\'', '"') + "}"));
    }

    private void script() throws IOException {
        String web = "'proxy_name':'web'";
        String make = web + ",'upstream_host':'%s','upstream_port':%d,'listen_host':'127.0.0.1'";
        call("makes", PROXY + "create_proxy", make.formatted("127.0.0.1", prometheus.port()));
        call("again", PROXY + "create_proxy", make.formatted("127.0.0.1", prometheus.port()));
        ObjectNode port = method.addObject().put("type", "probe").put("name", "its port");
        port.putObject("provider")
                .put("type", "process")
                .put("path", "sh")
                .putArray("arguments")
                .add("-c")
                .add("test -n \"$web_PORT\"");
        call("no variable", PROXY + "create_proxy", make.formatted("env:SLUICE_NONE", 1));
        call("is", PROXY_PROBE + "proxy_exist", web);
        call("is not", PROXY_PROBE + "proxy_exist", "'proxy_name':'none'");
        String attribute = PROXY_PROBE + "get_proxy_attribute";
        call("enabled", attribute, web + ",'attribute':'enabled'");
        call("off", PROXY + "disable_proxy", web);
        call("not enabled", attribute, web + ",'attribute':'enabled'");
        call("on", PROXY + "enable_proxy", web);
        call("elsewhere", PROXY + "modify_proxy", web + ",'upstream_address':'127.0.0.1:1'");
        call("is elsewhere", attribute, web + ",'attribute':'upstream'");
        call("no attribute", attribute, web + ",'attribute':'colour'");
        call("of none", attribute, "'proxy_name':'none','attribute':'enabled'");
        call("off none", PROXY + "disable_proxy", "'proxy_name':'none'");
        toxics();
        call("reset", PROXY + "reset", "");
        call("no toxics", attribute, web + ",'attribute':'toxics'");
        call("takes away", PROXY + "delete_proxy", web);
        call("takes away none", PROXY + "delete_proxy", web);
        call("asks", PROMETHEUS + "query", "'query':'up == 1'");
        call("asks then", PROMETHEUS + "query", "'query':'up','when':'2026-01-02T03:04:05Z'");
        call("asks fast", PROMETHEUS + "query", "'query':'up','timeout':1.5");
        call("asks wrong", PROMETHEUS + "query", "'query':'fail'");
        call("asks never", PROMETHEUS + "query", "'query':'up','when':'gibberish'");
        String range =
                "'query':'up','start':'2026-01-02T03:04:05+01:00','end':'2026-01-02T04:00:00Z'";
        call("asks a range", PROMETHEUS + "query_interval", range);
        call("asks in steps", PROMETHEUS + "query_interval", range + ",'step':15");
        call("a file", "os.path.exists", "'path':'/'");
        call("no file", "os.path.exists", "'path':'/no/such/file'");
    }

    private void toxics() throws IOException {
        String slow = "'for_proxy':'web','toxic_name':'%s'";
        call("latency", TOXIC + "create_latency_toxic", slow.formatted("a") + ",'latency':5");
        call(
                "jitter",
                TOXIC + "create_latency_toxic",
                slow.formatted("b") + ",'latency':5,'jitter':2");
        call(
                "bandwidth",
                TOXIC + "create_bandwith_degradation_toxic",
                slow.formatted("c") + ",'rate':9");
        call(
                "slow close",
                TOXIC + "create_slow_connection_close_toxic",
                slow.formatted("d") + ",'delay':7");
        call("timeout", TOXIC + "create_timeout_toxic", slow.formatted("e") + ",'timeout':8");
        call(
                "slicer",
                TOXIC + "create_slicer_toxic",
                slow.formatted("f") + ",'average_size':9,'size_variation':3,'delay':1");
        call("limit", TOXIC + "create_limiter_toxic", slow.formatted("g") + ",'bytes_limit':70");
        call(
                "any",
                TOXIC + "create_toxic",
                slow.formatted("h")
                        + ",'toxic_type':'latency','stream':'upstream','toxicity':0.5"
                        + ",'attributes':{'latency':3}");
        call("bare", TOXIC + "create_toxic", slow.formatted("i") + ",'toxic_type':'timeout'");
        call("twice", TOXIC + "create_latency_toxic", slow.formatted("a") + ",'latency':5");
        call("no type", TOXIC + "create_toxic", slow.formatted("j") + ",'toxic_type':'chaos'");
        call("all", PROXY_PROBE + "get_proxy_attribute", "'proxy_name':'web','attribute':'toxics'");
        call("ends", TOXIC + "delete_toxic", slow.formatted("a"));
        call("ends none", TOXIC + "delete_toxic", slow.formatted("a"));
    }

    private Path file() throws IOException {
        script();
        ObjectNode experiment = JSON.createObjectNode();
        experiment.put("title", "t").put("description", "d");
        experiment
                .putObject("configuration")
                .put("toxiproxy_url", "http://127.0.0.1:" + toxiproxy.address().getPort())
                .put("prometheus_base_url", "http://127.0.0.1:" + prometheus.port());
        experiment.set("method", method);
        return Files.writeString(folder.resolve("e.json"), experiment.toString());
    }

    /** Name, status, and value of each activity; of a program its exit code. */
    private static List<String> lines(Path journal) throws IOException {
        List<String> lines = new ArrayList<>();
        for (JsonNode ran : JSON.readTree(Files.readString(journal)).path("run")) {
            JsonNode output = ran.path("output");
            lines.add(
                    ran.path("activity").path("name").asText()
                            + "\t"
                            + ran.path("status").asText()
                            + "\t"
                            + (output.has("stdout") ? output.path("status") : output));
        }
        return lines;
    }

    @Test
    void calls_of_python_answer_as_python_does() throws IOException {
        Path journal = folder.resolve("j.json");
        PrintWriter nowhere = new PrintWriter(new StringWriter());
        CommandTree.run(
                nowhere,
                nowhere,
                "run",
                file().toString(),
                "--profile",
                "ctk",
                "--journal-path",
                journal.toString());

        assertThat(lines(journal)).containsExactlyElementsOf(Files.readAllLines(RECORD));
    }

    @Test
    @Tag("interop")
    void the_record_is_what_python_does() throws Exception {
        Path journal = folder.resolve("j.json");
        Process process =
                new ProcessBuilder(
                                Peers.find("chaos").toString(),
                                "--no-version-check",
                                "--no-log-file",
                                "run",
                                "--journal-path",
                                journal.toString(),
                                file().toString())
                        .directory(folder.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(folder.resolve("out.txt").toFile())
                        .start();
        assertThat(process.waitFor(2, TimeUnit.MINUTES)).as("ends").isTrue();
        assertThat(journal).as(Files.readString(folder.resolve("out.txt"))).exists();
        Files.write(Path.of("target/ctk-python.tsv"), lines(journal));

        assertThat(lines(journal)).containsExactlyElementsOf(Files.readAllLines(RECORD));
    }
}
