package dev.sluice.demo.stage;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A control plane that runs, as its admin, its people and its command line reach it. Thread-safe.
 *
 * @param admin with the token of its state folder
 * @param people who else may call
 * @param port of the admin API on 127.0.0.1
 * @param state its folder
 */
public record Control(AdminApi admin, People people, int port, Path state) {
    private static final long LONGEST_COMMAND_SECONDS = 120;

    /** For one answer, since the machine may be busy with all that the demo runs. */
    private static final String PATIENCE_SECONDS = "60";

    /** A connection with the token of one of the people; to be closed. */
    public AdminApi as(String name) {
        return AdminApi.with(port, people.token(name));
    }

    /** Runs {@code sluice ARGUMENTS} with the token of one of the people. */
    public List<String> sluiceAs(String name, String... arguments)
            throws IOException, InterruptedException {
        return sluiceWith(people.token(name), arguments);
    }

    /** Runs {@code sluice ARGUMENTS} as the admin. */
    public List<String> sluice(String... arguments) throws IOException, InterruptedException {
        String token = Files.readString(state.resolve("admin.token")).strip();
        return sluiceWith(token, arguments);
    }

    private List<String> sluiceWith(String token, String... arguments)
            throws IOException, InterruptedException {
        List<String> patient = new ArrayList<>(List.of("--timeout", PATIENCE_SECONDS));
        patient.addAll(List.of(arguments));
        return run("dev.sluice.control.cli.Main", token, patient);
    }

    /**
     * Runs {@code sluice control audit verify} over the log as it is now.
     *
     * @return its last line
     * @throws IOException with what it found, when the log is not whole
     */
    public String verifyAudit() throws IOException, InterruptedException {
        return run(
                        "dev.sluice.control.boot.Main",
                        "",
                        List.of("audit", "verify", "--state", state.toString()))
                .getLast();
    }

    private List<String> run(String main, String token, List<String> arguments)
            throws IOException, InterruptedException {
        List<String> mainAndArguments = new ArrayList<>(List.of(main));
        mainAndArguments.addAll(arguments);
        Path output = Files.createTempFile(state, "command", ".log");
        ProcessBuilder builder =
                new ProcessBuilder(JavaProcess.command(96, mainAndArguments))
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile());
        builder.environment().put("SLUICE_SERVER", "127.0.0.1:" + port);
        builder.environment().put("SLUICE_TOKEN", token);
        Process process = builder.start();
        try {
            boolean ended = process.waitFor(LONGEST_COMMAND_SECONDS, TimeUnit.SECONDS);
            List<String> lines = Files.readAllLines(output, StandardCharsets.UTF_8);
            if (!ended || process.exitValue() != 0) {
                throw new IOException(
                        "sluice %s %s:\n  %s"
                                .formatted(
                                        String.join(" ", arguments),
                                        ended
                                                ? "exited with " + process.exitValue()
                                                : "did not end",
                                        String.join("\n  ", lines)));
            }
            return lines;
        } finally {
            process.destroyForcibly();
            Files.deleteIfExists(output);
        }
    }
}
