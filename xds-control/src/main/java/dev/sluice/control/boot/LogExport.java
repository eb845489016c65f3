package dev.sluice.control.boot;

import dev.sluice.contract.Problem;
import dev.sluice.control.audit.ChangedResource;
import dev.sluice.control.audit.Export;
import dev.sluice.control.audit.Replay;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.change.LoggedEvent;
import dev.sluice.control.store.LogReader;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;

/**
 * Prints a log event by event, with what each one changed. The log is read from its beginning,
 * wherever the printing begins: what an event changed is known from the state before it. For one
 * run.
 */
final class LogExport {
    private static final int PAGE = 1_000;

    private final PrintWriter out;
    private final Format format;
    private final Replay replay = new Replay(Catalog.EMPTY);
    private Optional<Problem> broken = Optional.empty();

    LogExport(PrintWriter out, Format format) {
        this.out = out;
        this.format = format;
    }

    /** How events are printed. */
    enum Format {
        jsonl,
        csv;

        private Optional<String> head() {
            return this == csv ? Optional.of(Export.CSV_HEAD) : Optional.empty();
        }

        private String line(LoggedEvent event, List<ChangedResource> changes) {
            return switch (this) {
                case jsonl -> Export.json(event, changes);
                case csv -> Export.csv(event, changes);
            };
        }
    }

    /**
     * Prints the events from a place on.
     *
     * @return where the chain is broken: from there on events are printed without what they
     *     changed; empty when it is whole
     */
    Optional<Problem> print(LogReader log, long from) {
        format.head().ifPresent(out::println);
        List<LoggedEvent> page = log.read(1, PAGE);
        while (!page.isEmpty()) {
            page.forEach(event -> print(event, from));
            page = log.read(page.getLast().seq() + 1, PAGE);
        }
        return broken;
    }

    private void print(LoggedEvent event, long from) {
        if (broken.isEmpty() && !replay.isNext(event)) {
            broken =
                    Optional.of(
                            new Problem(
                                    "event " + event.seq(),
                                    "one that does not follow event " + replay.state().seq(),
                                    "the event after it",
                                    "look at it with audit verify; what events from here on changed"
                                            + " is not told"));
        }
        if (broken.isEmpty() && event.seq() < from) {
            replay.read(event);
        } else if (event.seq() >= from) {
            out.println(format.line(event, broken.isEmpty() ? replay.changes(event) : List.of()));
        }
    }
}
