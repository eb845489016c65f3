package dev.sluice.control.cli.command;

import dev.sluice.admin.v1.Baseline;
import dev.sluice.admin.v1.DeleteBaselineRequest;
import dev.sluice.admin.v1.RecordBaselineRequest;
import dev.sluice.control.cli.resource.Baselines;
import dev.sluice.control.cli.resource.GateSets;
import dev.sluice.control.cli.resource.Gates;
import dev.sluice.control.cli.session.Change;
import dev.sluice.control.cli.session.ChangeOptions;
import dev.sluice.control.cli.session.ExitCode;
import dev.sluice.control.cli.session.ReasonOption;
import dev.sluice.control.cli.session.Session;
import dev.sluice.control.cli.session.TimeOption;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What is done with baselines beside reading them. For one run. */
@Command(
        name = "baseline",
        description = "Baselines: what LEGACY did, recorded for the 100%% of ramps and migrations.")
public final class BaselineCommands {
    private static final Baselines BASELINES = new Baselines();

    private final Session session;

    public BaselineCommands(Session session) {
        this.session = session;
    }

    @Command(
            description = {
                "Records what LEGACY has done under the present revision of its gates.",
                "A name that exists keeps its target, and gets the new counts."
            })
    int record(
            @Parameters(paramLabel = "NAME") String name,
            @ArgGroup @Nullable Target target,
            @Option(
                            names = "--max-age",
                            paramLabel = "DURATION",
                            description =
                                    "Age up to which a share may go to 100%% by it, such as P7D."
                                            + " Default: P14D")
                    Optional<Duration> maxAge,
            @Mixin ReasonOption reason,
            @Mixin ChangeOptions options) {
        var wanted = Baseline.newBuilder().setName(Baselines.SHAPE.expand(name));
        if (target != null) {
            wanted.setTarget(target.name());
        }
        maxAge.map(TimeOption::write).ifPresent(wanted::setMaxAge);
        Change change = session.change(options);
        Baseline recorded =
                Baselines.stub(session.channel())
                        .recordBaseline(
                                RecordBaselineRequest.newBuilder()
                                        .setBaseline(wanted)
                                        .setReason(reason.text)
                                        .setRequestId(change.requestId())
                                        .setValidateOnly(change.validateOnly())
                                        .build());
        session.printer().one(recorded, BASELINES.columns(session.words()));
        return ExitCode.OK.number();
    }

    /** What LEGACY is of. Filled once by the parser. */
    static final class Target {
        @Option(names = "--gate", paramLabel = "NAME", description = "The gate, for a new name")
        private String gate = "";

        @Option(names = "--gateset", paramLabel = "NAME", description = "The set, for a new name")
        private String set = "";

        private String name() {
            return gate.isEmpty() ? GateSets.SHAPE.expand(set) : Gates.SHAPE.expand(gate);
        }
    }

    @Command(description = "Deletes one that no ramp at work and no open migration names.")
    int delete(
            @Parameters(paramLabel = "NAME") String name,
            @Option(
                            names = "--etag",
                            paramLabel = "ETAG",
                            defaultValue = "",
                            description = "Delete only if this is still its etag")
                    String etag,
            @Mixin ChangeOptions options) {
        String whole = Baselines.SHAPE.expand(name);
        Change change = session.change(options);
        var unused =
                Baselines.stub(session.channel())
                        .deleteBaseline(
                                DeleteBaselineRequest.newBuilder()
                                        .setName(whole)
                                        .setEtag(etag)
                                        .setRequestId(change.requestId())
                                        .setValidateOnly(change.validateOnly())
                                        .build());
        session.printer().remark((change.validateOnly() ? "would delete " : "deleted ") + whole);
        return ExitCode.OK.number();
    }
}
