package dev.sluice.control.cli.output;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import java.io.PrintWriter;
import java.util.List;
import java.util.stream.Collectors;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;

/** Prints results in the format that was asked for. For one thread. */
public final class Printer {
    private static final JsonFormat.Printer JSON = JsonFormat.printer().preservingProtoFieldNames();

    private final PrintWriter out;
    private final Format format;

    public Printer(PrintWriter out, Format format) {
        this.out = out;
        this.format = format;
    }

    /** Prints one resource. */
    public <R extends Message> void one(R resource, List<Column<R>> columns) {
        switch (format) {
            case table -> Table.print(out, columns, List.of(resource));
            case json -> out.println(json(resource));
            case yaml -> out.print(yaml(resource));
        }
        out.flush();
    }

    /** Prints many resources as one document: a table, a JSON array or YAML documents. */
    public <R extends Message> void many(List<R> resources, List<Column<R>> columns) {
        switch (format) {
            case table -> Table.print(out, columns, resources);
            case json ->
                    out.println(
                            resources.stream()
                                    .map(Printer::json)
                                    .collect(Collectors.joining(",\n", "[", "]")));
            case yaml ->
                    out.print(
                            resources.stream()
                                    .map(Printer::yaml)
                                    .collect(Collectors.joining("---\n")));
        }
        out.flush();
    }

    /** Prints resources as files hold them: YAML documents, or one JSON array. */
    public void documents(List<Message> resources) {
        out.print(
                switch (format) {
                    case table, yaml ->
                            resources.stream()
                                    .map(Printer::yaml)
                                    .collect(Collectors.joining("---\n"));
                    case json ->
                            resources.stream()
                                    .map(Printer::json)
                                    .collect(Collectors.joining(",\n", "[", "]\n"));
                });
        out.flush();
    }

    /** Prints one event of a watch: a line, or a YAML document. */
    public void event(Message event, String line) {
        switch (format) {
            case table -> out.println(line);
            case json -> out.println(oneLine(event));
            case yaml -> out.print("---\n" + yaml(event));
        }
        out.flush();
    }

    /** Prints what only machines need of a watch: a line of JSON, or a YAML document. */
    public void mark(Message event) {
        if (format != Format.table) {
            event(event, "");
        }
    }

    /** Prints an answer that is no resource: in a table's place, sentences. */
    public void answer(Message answer, List<String> lines) {
        switch (format) {
            case table -> lines.forEach(out::println);
            case json -> out.println(json(answer));
            case yaml -> out.print(yaml(answer));
        }
        out.flush();
    }

    /** Prints a remark that only people need, such as `deleted`. */
    public void remark(String text) {
        if (format == Format.table) {
            out.println(text);
        }
    }

    static String json(Message message) {
        try {
            return JSON.print(message);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("an Any of unknown type in " + message, e);
        }
    }

    private static String oneLine(Message message) {
        try {
            return JSON.omittingInsignificantWhitespace().print(message);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("an Any of unknown type in " + message, e);
        }
    }

    /** YAML through JSON, which is YAML too. */
    private static String yaml(Message message) {
        Object tree = new Load(LoadSettings.builder().build()).loadFromString(json(message));
        return new Dump(DumpSettings.builder().setDefaultFlowStyle(FlowStyle.BLOCK).build())
                .dumpToString(tree);
    }
}
