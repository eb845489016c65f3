package dev.sluice.e2e.differential;

import dev.sluice.testkit.http.Body;
import dev.sluice.testkit.http.H1Response;
import dev.sluice.testkit.http.H2Client;
import dev.sluice.testkit.http.H2Message;
import dev.sluice.testkit.http.H2Stream;
import dev.sluice.testkit.http.Headers;
import dev.sluice.testkit.http.RawHttp1Client;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;

/** Plays the client's part of a case. Pure, but for the connection that each call opens. */
final class Clients {
    private static final String SENTINEL =
            "GET " + Upstreams.SENTINEL + " HTTP/1.1\r\nhost: a.test\r\n\r\n";

    private Clients() {}

    /**
     * What came back.
     *
     * @param end known later where the proxy takes its time to close
     */
    record Seen(
            List<String> status, List<String> headers, List<String> body, Supplier<String> end) {
        private Seen(Supplier<String> end) {
            this(new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), end);
        }

        private Seen ended(Supplier<String> how) {
            return new Seen(status, headers, body, how);
        }
    }

    static Seen play(Sent sent, int port) {
        return switch (sent) {
            case Sent.H1 h1 -> h1(h1, port);
            case Sent.H2 h2 -> h2(h2, port);
        };
    }

    private static Seen h1(Sent.H1 sent, int port) {
        Seen seen = new Seen(() -> "");
        try {
            RawHttp1Client client = RawHttp1Client.connect(port);
            Last last = send(sent, client, seen);
            return seen.ended(after(last, client));
        } catch (IOException e) {
            seen.status.add("no connection");
            return seen;
        }
    }

    /** How an exchange over HTTP/1 left the connection. */
    private enum Last {
        KEEPS,
        CLOSES,
        UNFINISHED
    }

    private static Last send(Sent.H1 sent, RawHttp1Client client, Seen seen) {
        try {
            if (sent.pace() == Sent.Pace.AFTER_INTERIM) {
                client.send(sent.head());
                H1Response first = client.readAnyHead();
                if (first.status() >= 200) {
                    tell(withBody(first, client), seen);
                    return Last.UNFINISHED;
                }
                seen.status.add("interim " + first.status());
            }
            client.send(
                    sent.pace() == Sent.Pace.AFTER_INTERIM
                            ? sent.body()
                            : sent.head() + sent.body());
            if (sent.pace() == Sent.Pace.THEN_FIN) {
                client.connection().finish();
            }
        } catch (IOException e) {
            // The proxy has stopped reading; its answer may be there.
        }
        return read(sent, client, seen);
    }

    private static H1Response withBody(H1Response head, RawHttp1Client client) throws IOException {
        int length = head.headers().first("content-length").map(Integer::parseInt).orElse(0);
        return new H1Response(
                head.status(),
                head.reason(),
                head.headers(),
                Body.of(client.read(length)),
                Headers.NONE,
                List.of());
    }

    private static Last read(Sent.H1 sent, RawHttp1Client client, Seen seen) {
        boolean keeps = true;
        try {
            for (int i = 0; i < sent.answers() && keeps; i++) {
                H1Response answer = sent.isHead() ? client.readHead() : client.readResponse();
                tell(answer, seen);
                keeps = keeps(answer) && sent.pace() != Sent.Pace.THEN_FIN;
            }
        } catch (IOException e) {
            seen.status.add("no whole answer");
            return Last.CLOSES;
        }
        return keeps ? Last.KEEPS : Last.CLOSES;
    }

    private static void tell(H1Response answer, Seen seen) {
        answer.interim().forEach(interim -> tellInterim(interim.status(), interim.headers(), seen));
        tell(answer.status(), answer.headers(), seen);
        seen.body.addAll(
                Normalised.answerContent(
                        answer.status(), answer.headers(), answer.body(), answer.trailers()));
    }

    private static void tell(int status, Headers headers, Seen seen) {
        seen.status.add("status " + status);
        seen.headers.addAll(Normalised.answerHeaders(status, headers));
    }

    private static void tellInterim(int status, Headers headers, Seen seen) {
        seen.status.add("interim " + status);
        seen.headers.addAll(Normalised.answerHeaders(status, headers));
    }

    private static boolean keeps(H1Response answer) {
        boolean framed =
                answer.headers().has("content-length")
                        || answer.headers().has("transfer-encoding")
                        || answer.status() == 204
                        || answer.status() == 304;
        return framed
                && answer.headers().all("connection").stream()
                        .noneMatch(value -> value.toLowerCase(Locale.ROOT).contains("close"));
    }

    private static Supplier<String> after(Last last, RawHttp1Client client) throws IOException {
        switch (last) {
            case KEEPS -> {
                String end = lives(client) ? "end: kept" : "end: closed unannounced";
                client.close();
                return () -> end;
            }
            case CLOSES, UNFINISHED -> {
                CompletableFuture<String> end = new CompletableFuture<>();
                Thread.ofVirtual().start(() -> end.complete(awaitClose(client)));
                return () -> value(end);
            }
        }
        throw new IllegalStateException(last.name());
    }

    private static boolean lives(RawHttp1Client client) {
        try {
            client.send(SENTINEL);
            client.readResponse();
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static String awaitClose(RawHttp1Client client) {
        try (client) {
            Body rest = client.readToClose();
            return rest.size() == 0 ? "end: closed" : "end: closed after more: " + rest;
        } catch (SocketTimeoutException e) {
            return "end: left open";
        } catch (IOException e) {
            return "end: closed";
        }
    }

    private static String value(CompletableFuture<String> end) {
        try {
            return end.get();
        } catch (ExecutionException e) {
            return "end: " + e.getCause();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "end: interrupted";
        }
    }

    private static Seen h2(Sent.H2 sent, int port) {
        Seen seen = new Seen(() -> "");
        try (H2Client client = H2Client.connect(port)) {
            H2Stream stream = client.open();
            send(sent, stream);
            H2Message answer = stream.readMessage();
            answer.interim().forEach(head -> tellInterim(status(head), withoutStatus(head), seen));
            if (answer.status() > 0) {
                Headers headers = withoutStatus(answer.head());
                tell(answer.status(), headers, seen);
                seen.body.addAll(
                        Normalised.answerContent(
                                answer.status(), headers, answer.body(), answer.trailers()));
            }
            String end = "end: " + end(answer.end());
            String connection = lives(client) ? "kept" : "closed";
            return seen.ended(() -> end + ", connection " + connection);
        }
    }

    private static void send(Sent.H2 sent, H2Stream stream) {
        boolean body = sent.body().size() > 0;
        boolean trailers = !sent.trailers().fields().isEmpty();
        try {
            if (!body && !trailers) {
                stream.sendLast(sent.head());
                return;
            }
            stream.send(sent.head());
            if (body && trailers) {
                stream.sendData(sent.body().bytes());
            } else if (body) {
                stream.sendLastData(sent.body().bytes());
            }
            if (trailers) {
                stream.sendLast(sent.trailers());
            }
        } catch (AssertionError e) {
            // The proxy has ended the stream; its answer says why.
        }
    }

    private static String end(H2Message.End end) {
        return switch (end) {
            case H2Message.End.Complete() -> "stream complete";
            case H2Message.End.Reset(long code) -> "stream reset " + code;
            case H2Message.End.GivenUp() -> "given up";
            case H2Message.End.Disconnected() -> "disconnected";
        };
    }

    private static boolean lives(H2Client client) {
        try {
            return client.get(Upstreams.SENTINEL).end() instanceof H2Message.End.Complete;
        } catch (AssertionError | IllegalStateException closed) {
            return false;
        }
    }

    private static int status(Headers head) {
        return head.first(":status").map(Integer::parseInt).orElse(-1);
    }

    private static Headers withoutStatus(Headers head) {
        return new Headers(
                head.fields().stream().filter(field -> !field.name().equals(":status")).toList());
    }
}
