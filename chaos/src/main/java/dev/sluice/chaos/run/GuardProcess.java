package dev.sluice.chaos.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.sluice.chaos.experiment.Substitution;
import dev.sluice.chaos.probe.Activities;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A guard that is a process of its own, in a session of its own, so that neither the death of the
 * runner nor a signal to its terminal reaches it. It reads the rollbacks from its standard input;
 * when that ends without the word that all is restored, the runner is dead and it runs them. Owned
 * by the thread that runs.
 */
public final class GuardProcess implements Guard {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String RELEASED = "released";
    private static final int TRIES = 10;

    private @Nullable Process process;

    @Override
    public void hold(List<JsonNode> rollbacks) {
        if (rollbacks.isEmpty()) {
            return;
        }
        try {
            Process started =
                    new ProcessBuilder(command())
                            .redirectOutput(ProcessBuilder.Redirect.INHERIT)
                            .redirectError(ProcessBuilder.Redirect.INHERIT)
                            .start();
            process = started;
            say(started, JSON.writeValueAsString(rollbacks));
        } catch (IOException failed) {
            throw new UncheckedIOException("the guard of the faults can't start", failed);
        }
    }

    @Override
    public void release() {
        if (process == null) {
            return;
        }
        try {
            say(process, RELEASED);
            process.getOutputStream().close();
        } catch (IOException gone) {
            process.destroy();
        }
        process = null;
    }

    private static void say(Process process, String line) throws IOException {
        Writer writer = process.outputWriter(StandardCharsets.UTF_8);
        writer.write(line + "\n");
        writer.flush();
    }

    private static List<String> command() {
        List<String> command = new ArrayList<>();
        Path setsid = Path.of("/usr/bin/setsid");
        if (Files.isExecutable(setsid)) {
            command.add(setsid.toString());
        }
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xmx64m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp"));
        command.add(System.getProperty("java.class.path"));
        command.add(GuardProcess.class.getName());
        return command;
    }

    /** The guard's own life. */
    public static void main(String[] args) throws IOException {
        watch(System.in, System.err);
    }

    static void watch(InputStream input, PrintStream log) throws IOException {
        try (BufferedReader in =
                new BufferedReader(new InputStreamReader(input, StandardCharsets.UTF_8))) {
            String rollbacks = in.readLine();
            String last = in.readLine();
            if (rollbacks != null && !RELEASED.equals(last)) {
                log.println("sluice chaos guard: the runner is gone; taking its faults back");
                restore(JSON.readTree(rollbacks), log);
            }
        }
    }

    private static void restore(JsonNode rollbacks, PrintStream log) {
        try (Activities activities = new Activities(new Substitution(Map.of()))) {
            for (JsonNode rollback : rollbacks) {
                boolean done = false;
                for (int i = 0; i < TRIES && !done; i++) {
                    done = Activities.restored(rollback, activities.run(rollback));
                }
                log.println(
                        "sluice chaos guard: "
                                + (done ? "took back by " : "could not take back by ")
                                + words(rollback));
            }
        }
    }

    /** What it does, without headers and arguments, which may hold secrets. */
    private static String words(JsonNode rollback) {
        return switch (rollback.path("type").asText()) {
            case "http" ->
                    rollback.path("method").asText("GET")
                            + " "
                            + rollback.path("url").asText().replaceFirst("\\?.*", "");
            case "python" ->
                    rollback.path("module").asText() + "." + rollback.path("func").asText();
            default -> rollback.path("path").asText();
        };
    }
}
