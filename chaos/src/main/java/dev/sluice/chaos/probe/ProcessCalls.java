package dev.sluice.chaos.probe;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.stream.Stream;

/** Does what {@code process} providers say. Thread-safe. */
final class ProcessCalls {
    private static final String HOME =
            Matcher.quoteReplacement(System.getProperty("user.home", ""));
    private static final long END_SECONDS = 5;
    private static final Duration LONGEST = Duration.ofHours(1);

    /**
     * A thread for each stream, as long as it lasts: a shared one might wait for another program.
     */
    private static final Executor READERS =
            task -> Thread.ofPlatform().daemon().name("chaos-program").start(task);

    /**
     * Runs a program until it has ended and all that it writes is read.
     *
     * @param environment variables beside those of this process
     * @param cut asks the program to end, so that it can take back what it did, and ends it when it
     *     has not within five seconds
     */
    Outcome call(JsonNode fields, Map<String, String> environment, Cut cut) {
        List<String> command = command(fields);
        try {
            ProcessBuilder builder = new ProcessBuilder(command);
            builder.environment().putAll(environment);
            Process process = builder.start();
            process.getOutputStream().close();
            var out = CompletableFuture.supplyAsync(() -> all(process.getInputStream()), READERS);
            var err = CompletableFuture.supplyAsync(() -> all(process.getErrorStream()), READERS);
            double seconds = fields.path("timeout").asDouble(0);
            Duration most = seconds > 0 ? Duration.ofNanos((long) (seconds * 1e9)) : LONGEST;
            switch (cut.await(CompletableFuture.allOf(process.onExit(), out, err), most)) {
                case ANSWERED -> {}
                case LATE -> {
                    end(withDescendants(process));
                    return Outcome.failed(
                            command + ": did not end within " + most.toMillis() + " ms");
                }
                case CUT -> {
                    askToEnd(process);
                    return Outcome.failed(command + ": ended, as the run ended");
                }
            }
            ObjectNode output = JsonNodeFactory.instance.objectNode();
            output.put("stdout", out.join());
            output.put("stderr", err.join());
            output.put("status", process.waitFor());
            return Outcome.answered(output);
        } catch (IOException | CompletionException failed) {
            return Outcome.failed(command + ": " + failed.getMessage());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return Outcome.failed("interrupted");
        }
    }

    /** The program first, so that it hears of a signal before it sees its children end. */
    private static List<ProcessHandle> withDescendants(Process process) {
        return Stream.concat(Stream.of(process.toHandle()), process.descendants()).toList();
    }

    private static void askToEnd(Process process) throws InterruptedException {
        List<ProcessHandle> asked = withDescendants(process);
        asked.forEach(ProcessHandle::destroy);
        try {
            CompletableFuture.allOf(
                            asked.stream()
                                    .map(ProcessHandle::onExit)
                                    .toArray(CompletableFuture<?>[]::new))
                    .get(END_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException late) {
            end(asked);
        }
    }

    private static void end(List<ProcessHandle> processes) {
        processes.forEach(ProcessHandle::destroyForcibly);
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
