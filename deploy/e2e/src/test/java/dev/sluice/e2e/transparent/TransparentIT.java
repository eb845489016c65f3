package dev.sluice.e2e.transparent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.e2e.Caller;
import dev.sluice.e2e.Ran;
import dev.sluice.e2e.Running;
import dev.sluice.e2e.Spawned;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * A pod and a machine beside it, joined by a cable. The pod has the rules and the bootstrap of
 * {@code deploy/transparent}; its application and the clients know nothing of the sidecar. Needs
 * root, and is skipped without.
 */
@Tag("interop")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TransparentIT {
    private static final Path FILES = Path.of("../transparent");
    private static final String POD = "10.99.7.1";
    private static final String BESIDE = "10.99.7.2";
    private static final int USERS = 24;

    private final Running running = new Running();
    private Namespace pod;
    private Namespace beside;
    private Spawned sidecar;

    @BeforeAll
    void start(@TempDir Path folder) throws IOException {
        try {
            pod = running.keep(Namespace.open("pod"));
            beside = running.keep(Namespace.open("beside"));
            pod.join(beside, POD, BESIDE);
            redirect();
            Path bootstrap = folder.resolve("sidecar.yaml");
            Files.writeString(
                    bootstrap,
                    Files.readString(FILES.resolve("sidecar.yaml"))
                            .replace(
                                    "address: orders-new.example, port_value: 8080",
                                    "address: " + BESIDE + ", port_value: 8081"));
            Spawned application = running.keep(telling(pod, "8000", "8001"));
            Spawned services = running.keep(telling(beside, "8080", "8081", "9000"));
            sidecar =
                    running.keep(
                            pod.java(
                                    "sluice proxy ready",
                                    "dev.sluice.proxy.boot.Main",
                                    "-c",
                                    bootstrap.toString(),
                                    "--event-loops",
                                    "1"));
            List.of(application, services, sidecar).forEach(Spawned::awaitReady);
        } catch (IOException | RuntimeException e) {
            running.close();
            throw e;
        }
    }

    private static Spawned telling(Namespace where, String... ports) throws IOException {
        List<String> command = new ArrayList<>(List.of(Telling.class.getName()));
        command.addAll(List.of(ports));
        return where.java("telling", command.toArray(String[]::new));
    }

    /** Loads the rules that are shipped; a kernel that can't translate addresses skips the test. */
    private void redirect() throws IOException {
        String nft = Tool.named("nft", "nftables");
        Ran able =
                Ran.program(
                        List.of(
                                Tool.named("unshare", "util-linux"),
                                "-n",
                                nft,
                                "add table ip t; add chain ip t c { type nat hook output priority"
                                        + " -100 ; }; add rule ip t c tcp dport 1 redirect to :2"),
                        Duration.ofMinutes(1));
        assumeTrue(able.exitCode() == 0, () -> "no redirection here: " + able.output());
        String rules = FILES.resolve("sluice.nft").toString();
        for (int time = 0; time < 2; time++) {
            pod.run(nft, "-D", "proxy_uid=0", "-f", rules);
        }
    }

    @AfterAll
    void stop() {
        running.close();
    }

    /** Calls from the pod, as its application. */
    private String outside(String... curl) throws IOException {
        return output(pod.asNobody(curl(curl)));
    }

    /** Calls from beside the pod. */
    private String inside(String... curl) throws IOException {
        return output(beside.asNobody(curl(curl)));
    }

    private static String output(Ran ran) {
        assertThat(ran.exitCode()).as(ran.output()).isZero();
        return ran.output();
    }

    private static List<String> curl(String... arguments) {
        List<String> command =
                new ArrayList<>(List.of(Tool.named("curl", "curl"), "-s", "--max-time", "30"));
        command.addAll(List.of(arguments));
        return command;
    }

    /** Lines of the access log with all these parts, once there are so many. */
    private List<String> logged(int atLeast, String... parts) {
        Caller.await(() -> lines(parts).size() >= atLeast);
        return lines(parts);
    }

    private List<String> lines(String... parts) {
        return sidecar.output().stream()
                .filter(line -> List.of(parts).stream().allMatch(line::contains))
                .toList();
    }

    @Test
    void calls_of_the_application_pass_the_gate_and_keep_their_arm() throws IOException {
        Map<String, String> first = new HashMap<>();
        List<String> changed = new ArrayList<>();
        for (int round = 0; round < 2; round++) {
            for (int user = 0; user < USERS; user++) {
                String key = "user-" + user;
                String answer = outside("-H", "x-user: " + key, "http://" + BESIDE + ":8080/");
                String before = first.putIfAbsent(key, answer);
                if (before != null && !before.equals(answer)) {
                    changed.add(key);
                }
            }
        }

        assertThat(first.values())
                .as("both versions answered, and were called by the pod")
                .contains(
                        "port 8080 peer " + POD + " for nobody",
                        "port 8081 peer " + POD + " for nobody");
        assertThat(changed).as("keys that changed their arm").isEmpty();
        assertThat(logged(2 * USERS, "from " + POD + ":", "to " + BESIDE + ":8080 "))
                .as("lines: each call passed once")
                .hasSize(2 * USERS);
        assertThat(lines("from " + POD + ":", "to " + BESIDE + ":8080 ", "arm NEW"))
                .as("lines of the new version")
                .isNotEmpty()
                .allMatch(line -> line.contains("cluster orders-new at " + BESIDE + ":8081 "));
        assertThat(lines("from " + POD + ":", "to " + BESIDE + ":8080 ", "arm LEGACY"))
                .as("lines of the version that the application wanted to call")
                .isNotEmpty()
                .allMatch(line -> line.contains("cluster wanted at " + BESIDE + ":8080 "));
    }

    @Test
    void what_no_chain_knows_is_carried_as_it_is() throws IOException {
        assertThat(outside("http://" + BESIDE + ":9000/"))
                .as("nothing is added to the request")
                .isEqualTo("port 9000 peer " + POD + " for nobody");
        assertThat(inside("http://" + POD + ":8001/"))
                .as("nothing is added to the request")
                .isEqualTo("port 8001 peer " + POD + " for nobody");
    }

    @Test
    void calls_to_the_application_pass_the_sidecar_which_tells_it_who_called() throws IOException {
        assertThat(inside("http://" + POD + ":8000/"))
                .isEqualTo("port 8000 peer " + POD + " for " + BESIDE);
        assertThat(logged(1, "from " + BESIDE + ":", "to " + POD + ":8000 ", "status 200"))
                .as("lines with the caller's address")
                .hasSize(1);
    }

    @Test
    void a_call_to_the_sidecar_itself_ends_there() throws IOException {
        assertThat(beside.asNobody(curl("http://" + POD + ":15006/")).exitCode())
                .as("curl's code for a connection that ends without an answer")
                .isIn(52, 56);
        assertThat(logged(1, "from " + BESIDE + ":", "to " + POD + ":15006 "))
                .as("lines: it went in no circle")
                .hasSize(1)
                .allMatch(line -> line.contains("UH"));
    }

    @Test
    void applications_of_the_pod_reach_each_other_and_the_admin_interface_directly()
            throws IOException {
        assertThat(outside("http://127.0.0.1:8000/"))
                .isEqualTo("port 8000 peer 127.0.0.1 for nobody");
        assertThat(outside("--retry", "20", "--retry-connrefused", "http://127.0.0.1:15000/ready"))
                .isEqualTo("LIVE\n");
    }
}
