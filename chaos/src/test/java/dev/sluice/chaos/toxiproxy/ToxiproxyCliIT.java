package dev.sluice.chaos.toxiproxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.chaos.Peers;
import dev.sluice.testkit.Patience;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The original's command line against our server. */
@Tag("interop")
class ToxiproxyCliIT {
    private EmbeddedSubject subject;

    @BeforeEach
    void start() {
        subject = EmbeddedSubject.start();
        cli("create", "--listen", "127.0.0.1:0", "--upstream", "127.0.0.1:1", "p");
    }

    @AfterEach
    void end() {
        subject.close();
    }

    /** Runs one command, which must succeed; what it printed. */
    private String cli(String... words) {
        List<String> command = new ArrayList<>();
        command.add(Peers.find("toxiproxy-cli").toString());
        command.add("--host");
        command.add("http://127.0.0.1:" + subject.api().getPort());
        command.addAll(List.of(words));
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getOutputStream().close();
            String printed =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor(Patience.LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).as("%s printed %s", command, printed).isZero();
            return printed;
        } catch (IOException failed) {
            throw new AssertionError(failed);
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    @Test
    void lists_and_inspects_proxies() {
        assertThat(cli("list")).contains("p", "127.0.0.1:1", "enabled");
        assertThat(cli("inspect", "p")).doesNotContain("slow");
    }

    @Test
    void adds_changes_and_removes_toxics() {
        cli("toxic", "add", "-t", "latency", "-n", "slow", "-a", "latency=1000", "p");
        assertThat(cli("inspect", "p")).contains("slow", "latency=1000", "jitter=0");
        cli("toxic", "update", "-n", "slow", "-a", "jitter=7", "p");
        assertThat(cli("inspect", "p")).contains("latency=1000", "jitter=7");
        cli("toxic", "delete", "-n", "slow", "p");
        assertThat(cli("inspect", "p")).doesNotContain("slow");
    }

    @Test
    void toggles_and_deletes() {
        assertThat(cli("toggle", "p")).contains("disabled");
        cli("delete", "p");
        assertThat(cli("list")).doesNotContain("127.0.0.1:1");
    }
}
