package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.spi.ToolProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code deploy/bin/sluice} in a checkout of its own, whose Maven notes that it was called, waits
 * until it is let on and puts a prepared command line in place. The real build is the demo's.
 */
@Tag("interop")
class LauncherIT {
    private static final String ANOTHER = "another sluice (process ";

    @TempDir private Path checkout;

    private Path launcher;

    @BeforeEach
    void checkOut() throws IOException {
        launcher = checkout.resolve("deploy/bin/sluice");
        Files.createDirectories(launcher.getParent());
        Files.copy(Path.of("../bin/sluice"), launcher);
        executable(launcher);
        Path classes = checkout.resolve("classes");
        compile(
                classes,
                """
                package dev.sluice.control.cli;
                class Main {
                    public static void main(String[] arguments) {
                        System.out.println("ran " + String.join("|", arguments) + " on " + Runtime.version().feature());
                        System.exit(7);
                    }
                }
                """);
        compile(
                classes,
                """
                package dev.sluice.control.boot;
                class Main {
                    public static void main(String[] arguments) {
                        System.out.println("looks after " + String.join("|", arguments));
                    }
                }
                """);
        tool("jar", "--create", "--file", checkout + "/prepared.jar", "-C", classes + "", ".");
        Path mvn = checkout.resolve("tools/mvn");
        Files.createDirectories(mvn.getParent());
        Files.writeString(
                mvn,
                """
                #!/usr/bin/env bash
                echo "$*" >> '%1$s/builds'
                [ ! -e '%1$s/broken' ] || { echo '[ERROR] it does not compile'; exit 1; }
                until [ -e '%1$s/go' ]; do sleep 0.1; done
                mkdir -p '%1$s/xds-control/target/lib'
                cp '%1$s/prepared.jar' '%1$s/xds-control/target/sluice-control-1.jar'
                """
                        .formatted(checkout));
        executable(mvn);
    }

    @Test
    void builds_when_there_is_nothing_to_run_and_hands_on_arguments_and_exit_code()
            throws IOException {
        letMavenOn();

        Ran first = sluice("gate", "set", "gates/customers", "25 %");
        Ran second = sluice("gate", "list");

        assertThat(first.output())
                .contains("sluice: building with", "ran gate|set|gates/customers|25 % on 25");
        assertThat(first.exitCode()).as("exit code of the command").isEqualTo(7);
        assertThat(second.output()).isEqualToIgnoringNewLines("ran gate|list on 25");
        assertThat(builds()).as("builds of two starts, one after the other").hasSize(1);
    }

    @Test
    void logs_are_looked_after_by_the_program_of_the_control_plane() throws IOException {
        letMavenOn();

        assertThat(sluice("audit", "verify").output()).contains("looks after audit|verify");
        assertThat(sluice("store", "backup").output()).contains("looks after store|backup");
    }

    @Test
    void two_starts_at_once_build_once() throws IOException {
        try (Spawned one = Spawned.program("ran", command("one"));
                Spawned other = Spawned.program("ran", command("two"))) {
            Caller.await(() -> said(one, ANOTHER) || said(other, ANOTHER));
            letMavenOn();

            assertThat(one.awaitEnd()).contains("ran one on 25");
            assertThat(other.awaitEnd()).contains("ran two on 25");
        }
        assertThat(builds()).as("builds of two starts at once").hasSize(1);
        assertThat(checkout.resolve("target/launcher/building")).doesNotExist();
    }

    @Test
    void a_start_that_was_ended_while_it_built_is_not_waited_for() throws IOException {
        Path lock = Files.createDirectories(checkout.resolve("target/launcher/building"));
        Files.writeString(lock.resolve("pid"), "999999999");
        letMavenOn();

        assertThat(sluice("one").output()).contains("ran one on 25");
    }

    @Test
    void a_build_that_fails_is_told_with_its_errors() throws IOException {
        Files.createFile(checkout.resolve("broken"));

        Ran ran = sluice("gate", "list");

        assertThat(ran.output())
                .contains("[ERROR] it does not compile", "target/launcher/build.log");
        assertThat(ran.exitCode()).as("exit code of a failed build").isEqualTo(70);
    }

    @Test
    void is_found_through_a_link() throws IOException {
        letMavenOn();
        Path link = Files.createSymbolicLink(checkout.resolve("link"), launcher);
        launcher = link;

        assertThat(sluice("one").output()).contains("ran one on 25");
    }

    @Test
    void without_a_jdk_25_says_where_it_looked_and_what_to_do() throws IOException {
        Ran ran =
                Ran.program(
                        List.of("env", "SLUICE_JAVA_HOME=/nowhere", launcher.toString(), "x"),
                        Peer.LONGEST);

        assertThat(ran.output())
                .contains("found no JDK 25", "SLUICE_JAVA_HOME: /nowhere (no Java)", "remedy:");
        assertThat(ran.exitCode()).as("exit code without a JDK").isEqualTo(69);
    }

    private Ran sluice(String... arguments) throws IOException {
        return Ran.program(command(arguments), Peer.LONGEST);
    }

    private List<String> command(String... arguments) {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                "env",
                                "PATH=" + checkout.resolve("tools") + ":" + System.getenv("PATH"),
                                "SLUICE_JAVA_HOME=" + System.getProperty("java.home"),
                                "SLUICE_AOT=off",
                                launcher.toString()));
        command.addAll(List.of(arguments));
        return command;
    }

    private List<String> builds() throws IOException {
        return Files.readAllLines(checkout.resolve("builds"));
    }

    private void letMavenOn() throws IOException {
        Files.createFile(checkout.resolve("go"));
    }

    private static boolean said(Spawned program, String words) {
        return program.output().stream().anyMatch(line -> line.contains(words));
    }

    private static void compile(Path classes, String source) throws IOException {
        Path file = Files.createDirectories(classes).resolveSibling("Main.java");
        Files.writeString(file, source);
        tool("javac", "-d", classes.toString(), file.toString());
    }

    private static void tool(String name, String... arguments) {
        int exitCode =
                ToolProvider.findFirst(name).orElseThrow().run(System.out, System.err, arguments);
        assertThat(exitCode).as("exit code of " + name).isZero();
    }

    private static void executable(Path file) throws IOException {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
