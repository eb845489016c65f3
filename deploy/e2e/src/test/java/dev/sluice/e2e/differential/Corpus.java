package dev.sluice.e2e.differential;

import dev.sluice.testkit.http.Body;
import dev.sluice.testkit.http.Headers;
import io.netty.handler.codec.http2.Http2Error;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * The cases, read from {@code src/test/resources/differential/GROUP.yaml}: one file is one listener
 * (fields of Envoy's HttpConnectionManager under {@code http}) and the requests that it gets.
 * {@code README.md} beside the files says what a case may say. Immutable.
 *
 * @param groups in the order in which they are tried
 */
record Corpus(List<Group> groups) {
    /**
     * One file.
     *
     * @param http fields of HttpConnectionManager that differ from the suite's own
     * @param listener fields of Listener beside name and address
     * @param clusters beside the suite's own, with {@code {upstream: NAME}} for an address
     * @param runtime values of a static layer, for all groups alike
     * @param secure whether clients come over TLS
     */
    record Group(
            String name,
            Map<String, Object> http,
            Map<String, Object> listener,
            List<Map<String, Object>> clusters,
            Map<String, Object> runtime,
            boolean secure,
            List<Case> cases) {}

    /** All files of a folder. */
    static Corpus read(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return new Corpus(
                    files.filter(file -> file.toString().endsWith(".yaml"))
                            .sorted()
                            .map(Corpus::group)
                            .toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Group group(Path path) {
        String name = path.getFileName().toString().replace(".yaml", "");
        Fields file = new Fields(name, Fields.map(name, load(path)));
        Map<String, Object> http = file.object("http");
        Map<String, Object> listener = file.object("listener");
        List<Map<String, Object>> clusters =
                file.list("clusters").stream().map(one -> Fields.map(name, one)).toList();
        Map<String, Object> runtime = file.object("runtime");
        boolean secure = file.text("tls", "").equals("true");
        List<Case> cases = new ArrayList<>();
        for (Object entry : file.list("cases")) {
            Map<String, Object> fields = Fields.map(name, entry);
            String scheme = secure ? "https" : "http";
            List<Case> read =
                    cases(name, scheme, new Fields(name + "/" + fields.get("name"), fields));
            read.forEach(one -> cases.add(http.containsKey("access_log") ? one.named() : one));
        }
        file.done();
        return new Group(name, http, listener, clusters, runtime, secure, cases);
    }

    private static Object load(Path file) {
        try {
            return new Load(LoadSettings.builder().setLabel(file.toString()).build())
                    .loadFromString(Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Case> cases(String group, String scheme, Fields fields) {
        String id = group + "/" + fields.text("name", "");
        List<UpstreamAnswer> answers =
                fields.list("answers").stream().map(answer -> answer(id, answer)).toList();
        if (answers.isEmpty()) {
            answers = List.of(UpstreamAnswer.Message.OK);
        }
        int arrivals = fields.number("arrivals", 0);
        List<Case> cases = new ArrayList<>();
        for (Map.Entry<String, Sent> sent : sent(scheme, fields).entrySet()) {
            cases.add(new Case(id + sent.getKey(), group, sent.getValue(), arrivals, answers));
        }
        fields.done();
        return cases;
    }

    /** What is sent, by what the name of the case gets at its end. */
    private static Map<String, Sent> sent(String scheme, Fields fields) {
        Body body = Body.of(fields.text("body", "").getBytes(StandardCharsets.ISO_8859_1));
        Headers trailers = headers(fields.texts("trailers"));
        if (fields.has("head") || fields.has("raw")) {
            return Map.of("", raw(fields, body));
        }
        if (fields.has("h2")) {
            return Map.of("", new Sent.H2(headers(fields.texts("h2")), body, trailers));
        }
        String[] line = fields.text("send", "GET /").split(" ", 2);
        Headers headers = headers(fields.texts("headers"));
        String host = fields.text("host", "a.test");
        Sent h1 = h1(fields, line, host, headers, body, trailers);
        Sent h2 = h2(scheme, line, host, headers, body, trailers);
        return switch (fields.text("over", "both")) {
            case "h1" -> Map.of("", h1);
            case "h2" -> Map.of("", h2);
            default -> Map.of(" (h1)", h1, " (h2)", h2);
        };
    }

    private static Sent raw(Fields fields, Body body) {
        List<String> lines = fields.texts("head");
        String head =
                lines.isEmpty() ? fields.text("raw", "") : String.join("\r\n", lines) + "\r\n\r\n";
        return new Sent.H1(head, latin1(body), pace(fields), fields.number("reads", 1));
    }

    private static Sent h1(
            Fields fields,
            String[] line,
            String host,
            Headers headers,
            Body body,
            Headers trailers) {
        StringBuilder head = new StringBuilder();
        head.append(line[0]).append(' ').append(line[1]).append(" HTTP/1.1\r\n");
        head.append("host: ").append(host).append("\r\n");
        lines(headers, head);
        if (trailers.fields().isEmpty()) {
            if (body.size() > 0) {
                head.append("content-length: ").append(body.size()).append("\r\n");
            }
            String text = latin1(body);
            return new Sent.H1(head + "\r\n", text, pace(fields), fields.number("reads", 1));
        }
        head.append("transfer-encoding: chunked\r\n\r\n");
        StringBuilder chunks = new StringBuilder();
        if (body.size() > 0) {
            chunks.append(Integer.toHexString(body.size())).append("\r\n");
            chunks.append(latin1(body)).append("\r\n");
        }
        chunks.append("0\r\n");
        lines(trailers, chunks);
        return new Sent.H1(
                head.toString(), chunks + "\r\n", pace(fields), fields.number("reads", 1));
    }

    private static Sent h2(
            String scheme,
            String[] line,
            String host,
            Headers headers,
            Body body,
            Headers trailers) {
        Headers head =
                Headers.of(
                        ":method",
                        line[0],
                        ":scheme",
                        scheme,
                        ":authority",
                        host,
                        ":path",
                        line[1]);
        for (Headers.Field field : headers.fields()) {
            head = head.with(field.name(), field.value());
        }
        return new Sent.H2(head, body, trailers);
    }

    private static Sent.Pace pace(Fields fields) {
        return switch (fields.text("pace", "at once")) {
            case "after interim" -> Sent.Pace.AFTER_INTERIM;
            case "then fin" -> Sent.Pace.THEN_FIN;
            default -> Sent.Pace.AT_ONCE;
        };
    }

    private static UpstreamAnswer answer(String id, Object entry) {
        Fields fields = new Fields(id + " answers", Fields.map(id, entry));
        UpstreamAnswer answer;
        if (fields.has("raw")) {
            answer =
                    new UpstreamAnswer.Raw(
                            fields.text("raw", ""),
                            switch (fields.text("then", "stays")) {
                                case "closes" -> UpstreamAnswer.Then.CLOSES;
                                case "resets" -> UpstreamAnswer.Then.RESETS;
                                default -> UpstreamAnswer.Then.STAYS;
                            });
        } else if (fields.has("reset")) {
            answer = new UpstreamAnswer.Reset(Http2Error.valueOf(fields.text("reset", "")));
        } else if (fields.has("silence")) {
            fields.text("silence", "");
            answer = new UpstreamAnswer.Silence();
        } else {
            answer =
                    new UpstreamAnswer.Message(
                            fields.texts("interim").stream().map(Integer::parseInt).toList(),
                            fields.number("status", 200),
                            headers(fields.texts("headers")),
                            Body.of(fields.text("body", "ok")),
                            headers(fields.texts("trailers")));
        }
        fields.done();
        return answer;
    }

    private static Headers headers(List<String> lines) {
        Headers headers = Headers.NONE;
        for (String line : lines) {
            int colon = line.indexOf(": ", 1);
            headers =
                    colon < 0
                            ? headers.with(line.substring(0, line.length() - 1), "")
                            : headers.with(line.substring(0, colon), line.substring(colon + 2));
        }
        return headers;
    }

    private static void lines(Headers headers, StringBuilder into) {
        for (Headers.Field field : headers.fields()) {
            into.append(field.name()).append(": ").append(field.value()).append("\r\n");
        }
    }

    private static String latin1(Body body) {
        return new String(body.bytes(), StandardCharsets.ISO_8859_1);
    }
}
