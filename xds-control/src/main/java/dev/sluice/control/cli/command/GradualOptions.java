package dev.sluice.control.cli.command;

import dev.sluice.admin.v1.Operation;
import dev.sluice.admin.v1.OperationServiceGrpc;
import dev.sluice.admin.v1.RollBackRequest;
import dev.sluice.control.cli.resource.Share;
import dev.sluice.control.cli.session.Change;
import dev.sluice.control.cli.session.ExitCode;
import dev.sluice.control.cli.session.Session;
import dev.sluice.control.cli.session.TimeOption;
import dev.sluice.control.cli.session.Trouble;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Whether keys go back in steps, and in which. For one run. */
final class GradualOptions {
    @Option(names = "--gradual", description = "In steps, by an operation of the control plane")
    private boolean gradual;

    @Option(
            names = "--steps",
            split = ",",
            paramLabel = "SHARE",
            description =
                    "Shares on the way to 0%%, such as 25%%,5%%. Default: those of 50%%, 25%%, 5%% and"
                            + " 1%% below the present one")
    private List<Share> steps = List.of();

    @Option(
            names = "--dwell",
            paramLabel = "DURATION",
            description = "How long each share stays, such as PT5M. Default: PT1M")
    private Optional<Duration> dwell = Optional.empty();

    boolean isAsked() {
        if (!gradual && (!steps.isEmpty() || dwell.isPresent())) {
            throw new Trouble(
                    ExitCode.INVALID,
                    steps.isEmpty() ? "--dwell" : "--steps",
                    "without --gradual",
                    "--gradual, or neither",
                    "a rollback is at once unless it is gradual");
        }
        return gradual;
    }

    /** Begins it and prints the operation. */
    int begin(Session session, String target, String reason, Change change) {
        var request =
                RollBackRequest.newBuilder()
                        .setTarget(target)
                        .setReason(reason)
                        .setRequestId(change.requestId())
                        .setValidateOnly(change.validateOnly());
        steps.forEach(share -> request.addSharesPpm(share.ppm()));
        dwell.map(TimeOption::write).ifPresent(request::setDwell);
        Operation begun =
                OperationServiceGrpc.newBlockingStub(session.channel()).rollBack(request.build());
        session.printer().one(begun, OperationCommands.columns(session));
        return ExitCode.OK.number();
    }
}
