package dev.sluice.control.cli.command;

import dev.sluice.admin.v1.Gate;
import dev.sluice.admin.v1.ListBlockersRequest;
import dev.sluice.admin.v1.Migration;
import dev.sluice.admin.v1.MigrationServiceGrpc;
import dev.sluice.control.cli.resource.GateSets;
import dev.sluice.control.cli.resource.Gates;
import dev.sluice.control.cli.resource.Migrations;
import dev.sluice.control.cli.session.ExitCode;
import dev.sluice.control.cli.session.Session;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Prints what a migration is, its way and what became of it, for people. For one run. */
@Command(
        name = "blueprint",
        description =
                "Prints a migration for people: what it changes and who owns it, its way as a"
                        + " diagram, what stands against the next phase, and what became of it.")
public final class Blueprint implements Callable<Integer> {
    private final Session session;

    @Parameters(paramLabel = "NAME", description = "Its name, with or without collections")
    private String name = "";

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            description = "One of: ${COMPLETION-CANDIDATES}. Default: markdown")
    private Form format = Form.markdown;

    private enum Form {
        markdown,
        html
    }

    public Blueprint(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        var channel = session.channel();
        String whole = Migrations.SHAPE.expand(name);
        Migration migration = new Migrations().get(channel, whole);
        var blockers =
                MigrationServiceGrpc.newBlockingStub(channel)
                        .listBlockers(ListBlockersRequest.newBuilder().setName(whole).build());
        var article =
                new BlueprintText(migration, gates(migration), blockers.getBlockersList())
                        .article();
        session.surroundings()
                .out()
                .print(
                        switch (format) {
                            case markdown -> article.markdown();
                            case html -> article.html();
                        });
        session.surroundings().out().flush();
        return ExitCode.OK.number();
    }

    private List<Gate> gates(Migration migration) {
        var channel = session.channel();
        List<String> names =
                GateSets.SHAPE.fits(migration.getTarget())
                        ? new GateSets().get(channel, migration.getTarget()).getGatesList()
                        : List.of(migration.getTarget());
        return names.stream().map(gate -> new Gates().get(channel, gate)).toList();
    }
}
