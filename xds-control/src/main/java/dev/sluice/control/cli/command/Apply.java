package dev.sluice.control.cli.command;

import dev.sluice.control.cli.bundle.Applier;
import dev.sluice.control.cli.bundle.Bundle;
import dev.sluice.control.cli.bundle.Entry;
import dev.sluice.control.cli.bundle.Owner;
import dev.sluice.control.cli.bundle.Plan;
import dev.sluice.control.cli.bundle.Planner;
import dev.sluice.control.cli.resource.Updated;
import dev.sluice.control.cli.session.ExitCode;
import dev.sluice.control.cli.session.Session;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Makes resources be as files say: creates what is not there, changes the fields that the files set
 * in what is. Everything is planned first; while the plan refuses anything, nothing is done. For
 * one run.
 */
@Command(
        description = {
            "Creates what is not there and changes what is, from files of resources.",
            "A field that the files do not set stays as it is; so does a gate's share, and what a",
            "migration has moved. Does nothing while anything is refused."
        })
public final class Apply implements Callable<Integer> {
    private final Session session;

    /** In the order in which they are applied. */
    private final List<Updated<?>> kinds;

    @Mixin private BundleOptions bundle = new BundleOptions();

    @Option(
            names = "--validate-only",
            description =
                    "Check, change nothing; a resource that needs another of the files can be"
                            + " checked only once that one is there")
    private boolean validateOnly;

    public Apply(Session session, List<Updated<?>> kinds) {
        this.session = session;
        this.kinds = List.copyOf(kinds);
    }

    @Override
    public Integer call() {
        Owner owner = bundle.owner();
        Bundle read = bundle.read(kinds, session.surroundings());
        Plan plan = new Planner(session, kinds).plan(read, owner);
        if (!plan.of(Entry.Refused.class).isEmpty()) {
            return refused(plan);
        }
        if (validateOnly) {
            plan.entries().forEach(entry -> session.printer().remark("valid " + entry.name()));
        } else {
            new Applier(session).apply(plan);
        }
        plan.notes().forEach(note -> session.printer().remark("note: " + note));
        return ExitCode.OK.number();
    }

    private int refused(Plan plan) {
        PrintWriter err = session.surroundings().err();
        for (Entry.Refused refused : plan.of(Entry.Refused.class)) {
            err.println(
                    refused.name()
                            + (refused.place().isEmpty() ? "" : " (" + refused.place() + ")"));
            refused.why().lines().forEach(err::println);
        }
        err.flush();
        return plan.exitCode().number();
    }
}
