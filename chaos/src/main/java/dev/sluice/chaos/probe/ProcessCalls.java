package dev.sluice.chaos.probe;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/** Does what {@code process} providers say. Immutable. */
final class ProcessCalls {
    private static final long LONGEST_MILLIS = TimeUnit.HOURS.toMillis(1);

    private ProcessCalls() {}

    static Outcome call(JsonNode fields) {
        List<String> command = command(fields);
        try {
            Process process = new ProcessBuilder(command).start();
            process.getOutputStream().close();
            var out = CompletableFuture.supplyAsync(() -> all(process.getInputStream()));
            var err = CompletableFuture.supplyAsync(() -> all(process.getErrorStream()));
            double seconds = fields.path("timeout").asDouble(0);
            long millis = seconds > 0 ? (long) (seconds * 1000) : LONGEST_MILLIS;
            if (!process.waitFor(millis, TimeUnit.MILLISECONDS)) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
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
        String path = fields.path("path").asText();
        JsonNode arguments = fields.path("arguments");
        if (arguments.isTextual()) {
            return List.of("/bin/sh", "-c", path + " " + arguments.textValue());
        }
        List<String> command = new ArrayList<>();
        command.add(path);
        if (arguments.isArray()) {
            arguments.forEach(argument -> command.add(argument.asText()));
        } else {
            arguments
                    .properties()
                    .forEach(argument -> {
                        command.add(argument.getKey());
                        if (!argument.getValue().isNull()
                                && !argument.getValue().asText().isEmpty()) {
                            command.add(argument.getValue().asText());
                        }
                    });
        }
        return command;
    }

    private static String all(InputStream stream) {
        try (stream) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException ended) {
            throw new CompletionException(ended);
        }
    }
}
