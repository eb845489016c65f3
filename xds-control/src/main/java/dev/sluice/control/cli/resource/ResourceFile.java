package dev.sluice.control.cli.resource;

import com.google.protobuf.Message;
import dev.sluice.admin.v1.Route;
import dev.sluice.contract.Parsed;
import dev.sluice.contract.document.Document;
import dev.sluice.contract.document.DocumentReader;
import dev.sluice.contract.document.DocumentTypes;
import dev.sluice.control.cli.session.ExitCode;
import dev.sluice.control.cli.session.Surroundings;
import dev.sluice.control.cli.session.Trouble;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * The resources of one file: YAML documents or one JSON document, each with the field {@code name}.
 * Immutable.
 *
 * @param source path for messages
 * @param documents text of each document
 */
public record ResourceFile(String source, List<Part> documents) {
    private static final DocumentReader READER =
            new DocumentReader(DocumentTypes.of(List.of(Route.getDescriptor())));

    /**
     * One document. Immutable.
     *
     * @param text with as many empty lines before it as the file has lines before it
     * @param name of the resource in it; empty when it has none
     */
    public record Part(String text, String name) {
        /** Line of the file in which it begins, from 1. */
        public long line() {
            return text.lines().takeWhile(String::isBlank).count() + 1;
        }
    }

    public ResourceFile {
        documents = List.copyOf(documents);
    }

    /**
     * Reads a file.
     *
     * @param path a path, or {@code -} for standard input
     */
    public static ResourceFile read(String path, Surroundings surroundings) {
        String text = text(path, surroundings);
        List<Part> documents = new ArrayList<>();
        for (String part : split(text)) {
            Object tree = tree(path, part);
            if (tree instanceof Map<?, ?> fields) {
                documents.add(new Part(part, fields.get("name") instanceof String s ? s : ""));
            } else if (tree != null) {
                throw invalid(path, "a document that is no mapping", "fields of one resource");
            }
        }
        if (documents.isEmpty()) {
            throw invalid(path, "no document", "at least one resource");
        }
        return new ResourceFile(path, documents);
    }

    /** The only document of the file. */
    public Part only() {
        if (documents.size() != 1) {
            throw invalid(source, documents.size() + " documents", "one");
        }
        return documents.getFirst();
    }

    /** Reads a document as a message of the prototype's type. */
    public <R extends Message> R message(Part document, R prototype) {
        return document(document, prototype).message();
    }

    /** The same, with the places of its fields. */
    public <R extends Message> Document<R> document(Part document, R prototype) {
        return switch (READER.read(document.text(), source, prototype)) {
            case Parsed.Ok<Document<R>>(var read) -> read;
            case Parsed.Refused<Document<R>>(var problems) ->
                    throw new Trouble(ExitCode.INVALID, problems);
        };
    }

    private static String text(String path, Surroundings surroundings) {
        try {
            byte[] bytes =
                    path.equals("-")
                            ? surroundings.in().readAllBytes()
                            : Files.readAllBytes(Path.of(path));
            return new String(bytes, StandardCharsets.UTF_8);
        } catch (NoSuchFileException e) {
            throw invalid(path, "no such file", "a readable file");
        } catch (IOException e) {
            throw invalid(path, String.valueOf(e.getMessage()), "a readable file");
        }
    }

    /**
     * The documents of a YAML stream. A line that starts with {@code ---} always parts documents
     * (YAML 1.2, 9.1.2); empty lines before each keep its line numbers those of the file.
     */
    private static List<String> split(String text) {
        List<String> documents = new ArrayList<>();
        StringBuilder document = new StringBuilder();
        int line = 0;
        for (String content : text.split("\n", -1)) {
            if (content.equals("---") || content.startsWith("--- ") || content.equals("---\r")) {
                documents.add(document.toString());
                document = new StringBuilder("\n".repeat(line + 1));
            } else {
                document.append(content).append('\n');
            }
            line++;
        }
        documents.add(document.toString());
        return documents.stream().filter(part -> !part.isBlank()).toList();
    }

    private static @Nullable Object tree(String source, String text) {
        try {
            return new Load(LoadSettings.builder().setLabel(source).build()).loadFromString(text);
        } catch (MarkedYamlEngineException malformed) {
            throw new Trouble(
                    ExitCode.INVALID,
                    "file " + source + malformed.getProblemMark().map(ResourceFile::at).orElse(""),
                    (malformed.getContext() == null ? "" : malformed.getContext() + ": ")
                            + malformed.getProblem(),
                    "well-formed YAML or JSON",
                    "correct the file at this place and repeat");
        } catch (YamlEngineException e) {
            throw invalid(source, String.valueOf(e.getMessage()), "YAML or JSON");
        }
    }

    private static String at(Mark mark) {
        return ":" + (mark.getLine() + 1) + ":" + (mark.getColumn() + 1);
    }

    private static Trouble invalid(String source, String got, String expected) {
        return new Trouble(
                ExitCode.INVALID, "file " + source, got, expected, "correct the file and repeat");
    }
}
