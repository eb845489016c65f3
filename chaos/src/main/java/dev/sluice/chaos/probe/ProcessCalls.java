package dev.sluice.chaos.probe;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;

/** Does what {@code process} providers say. Thread-safe. */
final class ProcessCalls {
    private static final String HOME =
            Matcher.quoteReplacement(System.getProperty("user.home", ""));
    private static final long END_SECONDS = 5;
    private static final long LONGEST_MILLIS = TimeUnit.HOURS.toMillis(1);

    /**
     * A thread for each stream, as long as it lasts: a shared one might wait for another program.
     */
    private static final Executor READERS =
            task -> Thread.ofPlatform().daemon().name("chaos-program").start(task);

    private final Set<Process> running = ConcurrentHashMap.newKeySet();

    /** Ends all programs that run now, those that they started included; none that starts later. */
    void endAll() {
        running.forEach(ProcessCalls::end);
    }

    /**
     * Asks all programs that run now to end, so that they can take back what they did; those that
     * do not within five seconds are ended.
     */
    void askAllToEnd() {
        List<Process> asked = List.copyOf(running);
        asked.forEach(process -> {
            process.descendants().forEach(ProcessHandle::destroy);
            process.destroy();
        });
        for (Process process : asked) {
            try {
                process.onExit().get(END_SECONDS, TimeUnit.SECONDS);
            } catch (ExecutionException | TimeoutException late) {
                end(process);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                end(process);
            }
        }
    }

    private static void end(Process process) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    /**
     * @param environment variables beside those of this process
     */
    Outcome call(JsonNode fields, Map<String, String> environment) {
        List<String> command = command(fields);
        try {
            ProcessBuilder builder = new ProcessBuilder(command);
            builder.environment().putAll(environment);
            Process process = builder.start();
            running.add(process);
            var unused = process.onExit().thenRun(() -> running.remove(process));
            process.getOutputStream().close();
            var out = CompletableFuture.supplyAsync(() -> all(process.getInputStream()), READERS);
            var err = CompletableFuture.supplyAsync(() -> all(process.getErrorStream()), READERS);
            double seconds = fields.path("timeout").asDouble(0);
            long millis = seconds > 0 ? (long) (seconds * 1000) : LONGEST_MILLIS;
            if (!process.waitFor(millis, TimeUnit.MILLISECONDS)) {
                end(process);
                return Outcome.failed(command + ": did not end within " + millis + " ms");
            }
            ObjectNode output = JsonNodeFactory.instance.objectNode();
            output.put("status", process.exitValue());
            output.put("stdout", out.join());
            output.put("stderr", err.join());
            return Outcome.answered(output);
        } catch (IOException | CompletionException failed) {
            return Outcome.failed(command + ": " + failed.getMessage());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return Outcome.failed("interrupted");
        }
    }

    /**
     * A text goes through the shell; a list is as it is; an object is names and values in turns.
     */
    private static List<String> command(JsonNode fields) {
        String path = fields.path("path").asText().replaceFirst("^~(?=/|$)", HOME);
        JsonNode arguments = fields.path("arguments");
        if (arguments.isTextual()) {
            return List.of("/bin/sh", "-c", path + " " + arguments.textValue());
        }
        List<String> command = new ArrayList<>();
        command.add(path);
        if (arguments.isArray()) {
            arguments.forEach(argument -> add(argument, command));
        } else {
            arguments
                    .properties()
                    .forEach(argument -> {
                        command.add(argument.getKey());
                        add(argument.getValue(), command);
                    });
        }
        return command;
    }

    /** What is null or empty is no argument. */
    private static void add(JsonNode argument, List<String> command) {
        String text = argument.isNull() ? "" : PythonText.of(argument);
        if (!text.isEmpty()) {
            command.add(text);
        }
    }

    private static String all(InputStream stream) {
        try (stream) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException ended) {
            throw new CompletionException(ended);
        }
    }
}
