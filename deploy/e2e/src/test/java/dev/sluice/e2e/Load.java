package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Users by the thousand, sent by wrk: eight connections, each of which waits 10 ms after an answer,
 * so at most {@link #MOST_PER_SECOND} requests a second. Owned by the test's thread.
 */
final class Load implements AutoCloseable {
    /** Requests a second that it sends when everything answers at once; fewer on a busy machine. */
    static final int MOST_PER_SECOND = 800;

    private static final String SCRIPT =
            """
            math.randomseed(4711)
            request = function()
              return wrk.format("GET", "/", {["x-user"] = tostring(math.random(100000))})
            end
            delay = function() return 10 end
            done = function(summary)
              local e = summary.errors
              io.write(string.format("sent %d, failed: connect %d, read %d, write %d, timeout %d, status %d\\n",
                summary.requests, e.connect, e.read, e.write, e.timeout, e.status))
            end
            """;
    private static final Pattern SUM = Pattern.compile("sent (\\d+), failed: (.*)");

    private final Spawned wrk;

    private Load(Spawned wrk) {
        this.wrk = wrk;
    }

    /** Starts to send; it ends by itself after five minutes. */
    static Load start(Path folder, URI target) throws IOException {
        Path script = Files.writeString(folder.resolve("users.lua"), SCRIPT);
        return new Load(
                Peer.named("wrk")
                        .start(
                                "Running",
                                List.of(
                                        "-t1",
                                        "-c8",
                                        "-d300s",
                                        "--timeout",
                                        "60s",
                                        "-s",
                                        script.toString(),
                                        target.toString()),
                                script));
    }

    /** Ends it; every request must have been answered, and well. */
    void endWithoutFailure() throws IOException {
        wrk.interrupt();
        List<String> output = wrk.awaitEnd();
        Matcher sum = SUM.matcher(String.join("\n", output));
        assertThat(sum.find()).as("wrk's sum in %s", output).isTrue();
        assertThat(Integer.parseInt(sum.group(1))).as("requests of wrk").isPositive();
        assertThat(sum.group(2))
                .as("failures among %s requests of wrk", sum.group(1))
                .isEqualTo("connect 0, read 0, write 0, timeout 0, status 0");
    }

    @Override
    public void close() {
        wrk.close();
    }
}
