package dev.sluice.control.cli.command;

import dev.sluice.admin.v1.CancelOperationRequest;
import dev.sluice.admin.v1.GetOperationRequest;
import dev.sluice.admin.v1.ListOperationsRequest;
import dev.sluice.admin.v1.Operation;
import dev.sluice.admin.v1.OperationServiceGrpc;
import dev.sluice.admin.v1.OperationServiceGrpc.OperationServiceBlockingStub;
import dev.sluice.admin.v1.VerifyLogRequest;
import dev.sluice.admin.v1.WatchOperationRequest;
import dev.sluice.control.cli.output.Column;
import dev.sluice.control.cli.resource.Shape;
import dev.sluice.control.cli.session.ExitCode;
import dev.sluice.control.cli.session.Session;
import java.util.Iterator;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** What takes long: begun, looked at and ended. For one run. */
@Command(
        name = "operation",
        description = "What takes long at the control plane: begins it, tells how far it is.")
public final class OperationCommands {
    private static final Shape SHAPE = new Shape(List.of("operations"));

    private final Session session;

    public OperationCommands(Session session) {
        this.session = session;
    }

    @Command(
            name = "verify-log",
            description = {
                "Has the control plane compute every hash of its log again. Prints the operation;",
                "follow it by `operation watch`."
            })
    int verifyLog() {
        return show(stub().verifyLog(VerifyLogRequest.getDefaultInstance()));
    }

    @Command(description = "Prints one operation.")
    int get(@Parameters(paramLabel = "NAME") String name) {
        return show(
                stub().getOperation(
                                GetOperationRequest.newBuilder()
                                        .setName(SHAPE.expand(name))
                                        .build()));
    }

    @Command(description = "Lists the newest operations.")
    int list() {
        session.printer()
                .many(
                        stub().listOperations(ListOperationsRequest.getDefaultInstance())
                                .getOperationsList(),
                        columns(session));
        return ExitCode.OK.number();
    }

    @Command(description = "Ends an operation that runs.")
    int cancel(@Parameters(paramLabel = "NAME") String name) {
        return show(
                stub().cancelOperation(
                                CancelOperationRequest.newBuilder()
                                        .setName(SHAPE.expand(name))
                                        .build()));
    }

    @Command(
            description = {
                "Prints an operation as it goes on, until it ends.",
                "Exits 0 when all is well and 1 when it failed or found something wrong."
            })
    int watch(@Parameters(paramLabel = "NAME") String name) {
        Iterator<Operation> states =
                stub().watchOperation(
                                WatchOperationRequest.newBuilder()
                                        .setName(SHAPE.expand(name))
                                        .build());
        Operation last = Operation.getDefaultInstance();
        while (states.hasNext()) {
            last = states.next();
            session.printer()
                    .event(last, last.getName() + " " + progress(last) + " " + result(last));
        }
        return isWell(last) ? ExitCode.OK.number() : ExitCode.REFUSED.number();
    }

    private static boolean isWell(Operation operation) {
        return operation.hasRolledBack()
                || (operation.hasLogVerified()
                        && operation.getLogVerified().getProblemsCount() == 0);
    }

    static List<Column<Operation>> columns(Session session) {
        return List.of(
                new Column<>("NAME", operation -> SHAPE.brief(operation.getName())),
                new Column<>("KIND", operation -> operation.getMetadata().getKind()),
                new Column<>("OF", operation -> operation.getMetadata().getSubject()),
                new Column<>("BY", operation -> operation.getMetadata().getActor()),
                new Column<>(
                        "BEGUN",
                        operation -> session.words().age(operation.getMetadata().getStartTime())),
                new Column<>("PROGRESS", OperationCommands::progress),
                new Column<>("RESULT", OperationCommands::result));
    }

    private static String progress(Operation operation) {
        return operation.getMetadata().getProgress() + "/" + operation.getMetadata().getTotal();
    }

    private static String result(Operation operation) {
        return switch (operation.getResultCase()) {
            case ERROR -> "failed: " + operation.getError().getMessage();
            case LOG_VERIFIED -> {
                var log = operation.getLogVerified();
                yield log.getProblemsCount() == 0
                        ? "whole, digest " + log.getDigest()
                        : log.getProblems(0).getSubject()
                                + " has "
                                + log.getProblems(0).getGot()
                                + ": "
                                + log.getProblems(0).getRemedy();
            }
            case ROLLED_BACK -> "taken back to 0%";
            case RESULT_NOT_SET -> "running";
        };
    }

    private int show(Operation operation) {
        session.printer().one(operation, columns(session));
        return ExitCode.OK.number();
    }

    private OperationServiceBlockingStub stub() {
        return OperationServiceGrpc.newBlockingStub(session.channel());
    }
}
