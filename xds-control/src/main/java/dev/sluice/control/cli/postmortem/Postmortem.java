package dev.sluice.control.cli.postmortem;

import dev.sluice.admin.v1.EventFilter;
import dev.sluice.control.cli.resource.Gates;
import dev.sluice.control.cli.resource.Migrations;
import dev.sluice.control.cli.session.ExitCode;
import dev.sluice.control.cli.session.Session;
import dev.sluice.control.cli.session.TimeOption;
import dev.sluice.control.cli.session.Trouble;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Writes down what happened, with the evidence, for people who look back. For one run. */
@Command(
        name = "postmortem",
        description = {
            "Writes down what happened: a timeline of every change with who made it and why,",
            "verdicts with what they were made from, and how far it went before it was taken back."
        })
public final class Postmortem implements Callable<Integer> {
    private final Session session;
    private final Of of;

    @Parameters(paramLabel = "NAME", description = "Its name, with or without collections")
    private String name = "";

    @Option(
            names = "--since",
            paramLabel = "TIME",
            description =
                    "Not before this: 2026-11-01T12:00:00Z, or 90s, 15m, 2h, 7d ago. Default: from"
                            + " its beginning")
    private Optional<String> since = Optional.empty();

    @Option(names = "--until", paramLabel = "TIME", description = "Before this; as --since")
    private Optional<String> until = Optional.empty();

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            description = "One of: ${COMPLETION-CANDIDATES}. Default: markdown")
    private Form format = Form.markdown;

    @Option(names = "--to", paramLabel = "FILE", description = "Where to. Default: printed")
    private Optional<Path> file = Optional.empty();

    /** What it is about. */
    public enum Of {
        MIGRATION,
        GATE
    }

    private enum Form {
        markdown,
        html,
        json
    }

    public Postmortem(Session session, Of of) {
        this.session = session;
        this.of = of;
    }

    @Override
    public Integer call() {
        var collector = new Collector(session.channel(), window());
        Incident incident =
                switch (of) {
                    case MIGRATION -> collector.ofMigration(Migrations.SHAPE.expand(name));
                    case GATE -> collector.ofGate(Gates.SHAPE.expand(name));
                };
        if (incident.events().isEmpty()) {
            throw new Trouble(
                    ExitCode.INVALID,
                    "--since, --until",
                    "no event of " + incident.subject() + " between them",
                    "a time in which something happened",
                    "widen it, or leave both out");
        }
        put(
                switch (format) {
                    case markdown -> new PostmortemText(incident).article().markdown();
                    case html -> new PostmortemText(incident).article().html();
                    case json -> PostmortemJson.of(incident);
                });
        return ExitCode.OK.number();
    }

    private EventFilter window() {
        InstantSource clock = session.surroundings().clock();
        EventFilter.Builder filter = EventFilter.newBuilder();
        since.ifPresent(it -> filter.setStartTime(TimeOption.read("--since", it, clock)));
        until.ifPresent(it -> filter.setEndTime(TimeOption.read("--until", it, clock)));
        return filter.build();
    }

    private void put(String text) {
        if (file.isEmpty()) {
            session.surroundings().out().print(text);
            session.surroundings().out().flush();
            return;
        }
        try {
            Files.writeString(file.get(), text);
        } catch (IOException e) {
            throw new Trouble(
                    ExitCode.INVALID,
                    "--to",
                    "'" + file.get() + "' (" + e.getMessage() + ")",
                    "a file that can be written",
                    "correct the path");
        }
    }
}
