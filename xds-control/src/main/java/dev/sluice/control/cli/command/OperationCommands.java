package dev.sluice.control.cli.command;

import dev.sluice.admin.v1.BackUpLogRequest;
import dev.sluice.admin.v1.CancelOperationRequest;
import dev.sluice.admin.v1.GetOperationRequest;
import dev.sluice.admin.v1.ListOperationsRequest;
import dev.sluice.admin.v1.ListOperationsResponse;
import dev.sluice.admin.v1.Operation;
import dev.sluice.admin.v1.OperationServiceGrpc;
import dev.sluice.admin.v1.OperationServiceGrpc.OperationServiceBlockingStub;
import dev.sluice.admin.v1.VerifyLogRequest;
import dev.sluice.admin.v1.WatchOperationRequest;
import dev.sluice.control.cli.output.Column;
import dev.sluice.control.cli.resource.Shape;
import dev.sluice.control.cli.session.ExitCode;
import dev.sluice.control.cli.session.ReasonOption;
import dev.sluice.control.cli.session.Rewatch;
import dev.sluice.control.cli.session.Session;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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
        return show(
                stub().verifyLog(
                                VerifyLogRequest.newBuilder()
                                        .setRequestId(session.requestId())
                                        .build()));
    }

    @Command(
            name = "back-up-log",
            description = {
                "Has the control plane write a backup of its log where it keeps backups (--backups).",
                "Prints the operation; `operation wait` tells where the file is. Restore one with",
                "`sluice store restore`."
            })
    int backUpLog(@Mixin ReasonOption reason) {
        return show(
                stub().backUpLog(
                                BackUpLogRequest.newBuilder()
                                        .setReason(reason.text)
                                        .setRequestId(session.requestId())
                                        .build()));
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
        List<Operation> all = new ArrayList<>();
        String page = "";
        do {
            ListOperationsResponse answer =
                    stub().listOperations(
                                    ListOperationsRequest.newBuilder().setPageToken(page).build());
            all.addAll(answer.getOperationsList());
            page = answer.getNextPageToken();
        } while (!page.isEmpty());
        session.printer().many(all, columns(session));
        return ExitCode.OK.number();
    }

    @Command(description = "Ends an operation that runs.")
    int cancel(@Parameters(paramLabel = "NAME") String name, @Mixin ReasonOption reason) {
        return show(
                stub().cancelOperation(
                                CancelOperationRequest.newBuilder()
                                        .setName(SHAPE.expand(name))
                                        .setReason(reason.text)
                                        .setRequestId(session.requestId())
                                        .build()));
    }

    @Command(
            description = {
                "Prints an operation as it goes on, until it ends, also where the connection breaks",
                "meanwhile.",
                "Exits 0 when all is well and 1 when it failed or found something wrong."
            })
    int watch(@Parameters(paramLabel = "NAME") String name) {
        return exitCode(
                follow(
                        name,
                        state ->
                                session.printer()
                                        .event(
                                                state,
                                                "%s %s %s"
                                                        .formatted(
                                                                state.getName(),
                                                                progress(state),
                                                                result(state)))));
    }

    @Command(
            name = "wait",
            description = {
                "Waits until an operation ends, also where the connection breaks meanwhile, and prints",
                "it. Exits as `operation watch`."
            })
    int await(@Parameters(paramLabel = "NAME") String name) {
        Operation last = follow(name, _ -> {});
        show(last);
        return exitCode(last);
    }

    /** How it was last. */
    private Operation follow(String name, Consumer<Operation> shown) {
        var request = WatchOperationRequest.newBuilder().setName(SHAPE.expand(name)).build();
        return new Rewatch(session)
                .states(
                        channel ->
                                OperationServiceGrpc.newBlockingStub(channel)
                                        .watchOperation(request),
                        shown)
                .orElse(Operation.getDefaultInstance());
    }

    private static int exitCode(Operation operation) {
        return isWell(operation) ? ExitCode.OK.number() : ExitCode.REFUSED.number();
    }

    private static boolean isWell(Operation operation) {
        return operation.hasRolledBack()
                || operation.hasBackedUp()
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
            case BACKED_UP ->
                    operation.getBackedUp().getFile()
                            + " at "
                            + operation.getBackedUp().getReplica();
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
