package dev.sluice.e2e.transparent;

import static org.junit.jupiter.api.Assumptions.abort;

import dev.sluice.e2e.Ran;
import dev.sluice.e2e.Spawned;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A network namespace, which goes with all its interfaces and rules when it is closed. */
final class Namespace implements AutoCloseable {
    private static final Duration LONGEST = Duration.ofMinutes(1);
    private static final String NOBODY = "65534";

    private final String ip;
    private final String name;

    private Namespace(String ip, String name) {
        this.ip = ip;
        this.name = name;
    }

    /** Makes one; where this machine does not allow it, the test is skipped with the reason. */
    static Namespace open(String role) throws IOException {
        if (!Files.exists(Path.of("/proc/self/ns/net"))) {
            return abort("network namespaces are Linux's");
        }
        String ip = Tool.named("ip", "iproute2");
        String name = "sluice-" + role + "-" + ProcessHandle.current().pid();
        Ran added = Ran.program(List.of(ip, "netns", "add", name), LONGEST);
        if (added.exitCode() != 0) {
            return abort("no network namespace may be made here, run as root: " + added.output());
        }
        Namespace namespace = new Namespace(ip, name);
        try {
            namespace.run(ip, "link", "set", "lo", "up");
        } catch (IOException | RuntimeException e) {
            namespace.close();
            throw e;
        }
        return namespace;
    }

    /** Joins the two by a cable, each with its address, which is the whole network of both. */
    void join(Namespace other, String own, String others) throws IOException {
        run(
                ip,
                "link",
                "add",
                "cable",
                "type",
                "veth",
                "peer",
                "name",
                "cable",
                "netns",
                other.name);
        plug(own);
        other.plug(others);
    }

    private void plug(String address) throws IOException {
        run(ip, "address", "add", address + "/24", "dev", "cable");
        run(ip, "link", "set", "cable", "up");
    }

    /** Runs a program in it to its end; what it said. */
    String run(String... command) throws IOException {
        return check(inside(List.of(command)));
    }

    /** Runs a program in it to its end, as a user without rights, as applications are. */
    Ran asNobody(List<String> command) throws IOException {
        List<String> whole =
                new ArrayList<>(
                        List.of(
                                Tool.named("setpriv", "util-linux"),
                                "--reuid=" + NOBODY,
                                "--regid=" + NOBODY,
                                "--clear-groups"));
        whole.addAll(command);
        return Ran.program(inside(whole), LONGEST);
    }

    private static String check(List<String> command) throws IOException {
        Ran ran = Ran.program(command, LONGEST);
        if (ran.exitCode() != 0) {
            throw new IllegalStateException(
                    "%s: exit code %d, %s".formatted(command, ran.exitCode(), ran.output()));
        }
        return ran.output();
    }

    /** Starts a main class of our own in it. */
    Spawned java(String readyMark, String... mainAndArguments) throws IOException {
        return Spawned.program(readyMark, inside(Spawned.javaCommand(List.of(mainAndArguments))));
    }

    /** As {@code ip netns exec}, which becomes the program: what ends the one ends the other. */
    private List<String> inside(List<String> command) {
        List<String> whole = new ArrayList<>(List.of(ip, "netns", "exec", name));
        whole.addAll(command);
        return whole;
    }

    @Override
    public void close() throws IOException {
        check(List.of(ip, "netns", "delete", name));
    }
}
