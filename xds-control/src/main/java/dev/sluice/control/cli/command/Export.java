package dev.sluice.control.cli.command;

import com.google.protobuf.Message;
import dev.sluice.control.cli.bundle.Exporter;
import dev.sluice.control.cli.bundle.Undeclared;
import dev.sluice.control.cli.resource.Listed;
import dev.sluice.control.cli.resource.Updated;
import dev.sluice.control.cli.session.ExitCode;
import dev.sluice.control.cli.session.Session;
import dev.sluice.control.cli.session.Trouble;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Prints everything as files that {@link Apply} takes again. For one run. */
@Command(
        name = "export",
        description = {
            "Prints resources as YAML that apply takes again, without what the control plane says of",
            "them itself and without shares of gates. With -o json: one array, for other tools."
        })
public final class Export implements Callable<Integer> {
    private final Session session;
    private final List<Updated<?>> kinds;

    @Option(
            names = "--kind",
            paramLabel = "KIND",
            description = "Only these, such as gate; for several, again. Default: all")
    private @Nullable List<String> nouns;

    @Option(
            names = "--owner",
            paramLabel = "NAME",
            description = "Only what came from files of this owner")
    private String owner = "";

    public Export(Session session, List<Updated<?>> kinds) {
        this.session = session;
        this.kinds = List.copyOf(kinds);
    }

    @Override
    public Integer call() {
        List<Message> all =
                Exporter.all(
                        session.channel(),
                        chosen(),
                        owner.isEmpty() ? Optional.empty() : Optional.of(owner));
        session.printer().documents(all);
        return ExitCode.OK.number();
    }

    private List<Updated<?>> chosen() {
        if (nouns == null) {
            return kinds;
        }
        List<Updated<?>> chosen = new ArrayList<>(kinds);
        chosen.removeIf(kind -> !nouns.contains(kind.noun()));
        List<String> known = kinds.stream().map(Listed::noun).toList();
        List<String> unknown = nouns.stream().filter(noun -> !known.contains(noun)).toList();
        if (!unknown.isEmpty()) {
            throw new Trouble(
                    ExitCode.INVALID,
                    "--kind",
                    unknown.stream().collect(Collectors.joining("', '", "'", "'")),
                    String.join(", ", known),
                    unknown.stream()
                            .flatMap(noun -> Undeclared.called(noun).stream())
                            .map(Undeclared::remedy)
                            .findFirst()
                            .orElse("choose of these"));
        }
        return chosen;
    }
}
