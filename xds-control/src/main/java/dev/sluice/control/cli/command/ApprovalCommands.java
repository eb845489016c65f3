package dev.sluice.control.cli.command;

import com.google.protobuf.FieldMask;
import dev.sluice.admin.v1.ApprovalAnswer;
import dev.sluice.admin.v1.ApprovalPolicy;
import dev.sluice.admin.v1.ApprovalServiceGrpc;
import dev.sluice.admin.v1.ApprovalServiceGrpc.ApprovalServiceBlockingStub;
import dev.sluice.admin.v1.ApproveMigrationRequest;
import dev.sluice.admin.v1.BreakGlassRequest;
import dev.sluice.admin.v1.Migration;
import dev.sluice.admin.v1.RejectMigrationRequest;
import dev.sluice.admin.v1.ReviewBreakGlassRequest;
import dev.sluice.admin.v1.WithdrawAnswerRequest;
import dev.sluice.control.cli.output.Column;
import dev.sluice.control.cli.output.Words;
import dev.sluice.control.cli.resource.ApprovalPolicies;
import dev.sluice.control.cli.resource.Listed;
import dev.sluice.control.cli.resource.Migrations;
import dev.sluice.control.cli.session.Change;
import dev.sluice.control.cli.session.ChangeOptions;
import dev.sluice.control.cli.session.ExitCode;
import dev.sluice.control.cli.session.ReasonOption;
import dev.sluice.control.cli.session.RequiredReasonOption;
import dev.sluice.control.cli.session.Session;
import dev.sluice.control.cli.session.TimeOption;
import dev.sluice.control.cli.session.Trouble;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Who must say yes before migrations go on, and who did. For one run. */
@Command(name = "approval", description = "Approvals: who must say yes to migrations, and who did.")
public final class ApprovalCommands {
    private static final Migrations MIGRATIONS = new Migrations();
    private static final List<Column<ApprovalAnswer>> ANSWERS =
            List.of(
                    new Column<>("BY", ApprovalAnswer::getPrincipal),
                    new Column<>("ANSWER", given -> given.getAnswer().name()),
                    new Column<>("GROUPS", given -> String.join(",", given.getGroupsList())),
                    new Column<>("TIME", given -> Words.time(given.getTime())),
                    new Column<>("REASON", ApprovalAnswer::getReason));
    private static final ApprovalPolicies POLICIES = new ApprovalPolicies();

    private final Session session;

    public ApprovalCommands(Session session) {
        this.session = session;
    }

    @Command(
            description = "Lists what was said of the present plan of a migration, and its digest.")
    int list(@Parameters(paramLabel = "NAME") String name) {
        Migration migration = MIGRATIONS.get(session.channel(), Migrations.SHAPE.expand(name));
        session.printer().many(migration.getAnswersList(), ANSWERS);
        session.printer().remark("plan " + migration.getPlanDigest());
        return ExitCode.OK.number();
    }

    @Command(description = "Says yes to a plan. Its authors can't.")
    int approve(
            @Parameters(paramLabel = "NAME") String name,
            @Mixin PlanOption plan,
            @Mixin ReasonOption reason,
            @Mixin ChangeOptions options) {
        Change change = session.change(options);
        return show(
                stub().approveMigration(
                                ApproveMigrationRequest.newBuilder()
                                        .setName(Migrations.SHAPE.expand(name))
                                        .setPlanDigest(plan.digest)
                                        .setReason(reason.text)
                                        .setRequestId(change.requestId())
                                        .setValidateOnly(change.validateOnly())
                                        .build()));
    }

    @Command(description = "Says no to a plan: it goes no further until withdrawn or edited.")
    int reject(
            @Parameters(paramLabel = "NAME") String name,
            @Mixin PlanOption plan,
            @Mixin RequiredReasonOption reason,
            @Mixin ChangeOptions options) {
        Change change = session.change(options);
        return show(
                stub().rejectMigration(
                                RejectMigrationRequest.newBuilder()
                                        .setName(Migrations.SHAPE.expand(name))
                                        .setPlanDigest(plan.digest)
                                        .setReason(reason.text)
                                        .setRequestId(change.requestId())
                                        .setValidateOnly(change.validateOnly())
                                        .build()));
    }

    @Command(description = "Takes back what you said.")
    int withdraw(
            @Parameters(paramLabel = "NAME") String name,
            @Mixin ReasonOption reason,
            @Mixin ChangeOptions options) {
        Change change = session.change(options);
        return show(
                stub().withdrawAnswer(
                                WithdrawAnswerRequest.newBuilder()
                                        .setName(Migrations.SHAPE.expand(name))
                                        .setReason(reason.text)
                                        .setRequestId(change.requestId())
                                        .setValidateOnly(change.validateOnly())
                                        .build()));
    }

    @Command(
            name = "break-glass",
            description = {
                "Advances a migration over missing approvals; every other blocker still counts.",
                "Somebody else must review it before it goes further."
            })
    int breakGlass(
            @Parameters(paramLabel = "NAME") String name,
            @Mixin RequiredReasonOption reason,
            @Mixin ChangeOptions options) {
        Change change = session.change(options);
        String whole = Migrations.SHAPE.expand(name);
        return show(
                stub().breakGlass(
                                BreakGlassRequest.newBuilder()
                                        .setName(whole)
                                        .setEtag(MIGRATIONS.get(session.channel(), whole).getEtag())
                                        .setReason(reason.text)
                                        .setRequestId(change.requestId())
                                        .setValidateOnly(change.validateOnly())
                                        .build()));
    }

    @Command(description = "Vouches for a break-glass of somebody else.")
    int review(
            @Parameters(paramLabel = "NAME") String name,
            @Parameters(paramLabel = "SEQ", description = "Of its event, as the blocker says")
                    long seq,
            @Mixin RequiredReasonOption reason,
            @Mixin ChangeOptions options) {
        Change change = session.change(options);
        return show(
                stub().reviewBreakGlass(
                                ReviewBreakGlassRequest.newBuilder()
                                        .setName(Migrations.SHAPE.expand(name))
                                        .setSeq(seq)
                                        .setReason(reason.text)
                                        .setRequestId(change.requestId())
                                        .setValidateOnly(change.validateOnly())
                                        .build()));
    }

    @Command(description = "Lists what migrations of each risk need.")
    int policies() {
        session.printer()
                .many(
                        Listed.all(POLICIES, session.channel(), ""),
                        POLICIES.columns(session.words()));
        return ExitCode.OK.number();
    }

    @Command(description = "Says what migrations of a risk need; what is not given stays.")
    int policy(
            @Parameters(paramLabel = "RISK", description = "low, medium, high or critical")
                    String risk,
            @Option(
                            names = "--quorum",
                            paramLabel = "N",
                            description = "How many must approve, 0..16")
                    Optional<Integer> quorum,
            @Option(
                            names = "--group",
                            paramLabel = "GROUP",
                            description =
                                    "One of whose members must approve; for several, again;"
                                            + " '' for none")
                    @Nullable List<String> groups,
            @Option(
                            names = "--validity",
                            paramLabel = "DURATION",
                            description = "How long an approval counts, such as PT24H")
                    Optional<Duration> validity,
            @Option(
                            names = "--least-soak",
                            paramLabel = "DURATION",
                            description = "Least stay in SOAK, such as PT1H")
                    Optional<Duration> leastSoak,
            @Mixin PolicyOptions further) {
        var policy =
                ApprovalPolicy.newBuilder()
                        .setName("approvalPolicies/" + risk.toLowerCase(Locale.ROOT));
        List<String> mask = new ArrayList<>();
        quorum.ifPresent(given -> {
            policy.setQuorum(given);
            mask.add("quorum");
        });
        if (groups != null) {
            policy.addAllGroups(groups.stream().filter(group -> !group.isEmpty()).toList());
            mask.add("groups");
        }
        validity.ifPresent(given -> {
            policy.setValidity(TimeOption.write(given));
            mask.add("validity");
        });
        leastSoak.ifPresent(given -> {
            policy.setLeastSoak(TimeOption.write(given));
            mask.add("least_soak");
        });
        further.put(policy, mask);
        if (mask.isEmpty()) {
            throw new Trouble(
                    ExitCode.INVALID,
                    "policy",
                    "nothing to change",
                    "--quorum, --group, --validity, --least-soak or another option of --help",
                    "give one of them");
        }
        ApprovalPolicy answer =
                POLICIES.update(
                        session.channel(),
                        policy.build(),
                        FieldMask.newBuilder().addAllPaths(mask).build(),
                        new Change(session.requestId(), /* validateOnly= */ false));
        session.printer().one(answer, POLICIES.columns(session.words()));
        return ExitCode.OK.number();
    }

    /** Which revision is answered. Filled once by the parser. */
    static final class PlanOption {
        @Option(
                names = "--plan",
                required = true,
                paramLabel = "DIGEST",
                description = "Digest of the plan that you looked at, as `approval list` prints")
        private String digest = "";
    }

    private int show(Migration migration) {
        session.printer().one(migration, MIGRATIONS.columns(session.words()));
        return ExitCode.OK.number();
    }

    private ApprovalServiceBlockingStub stub() {
        return ApprovalServiceGrpc.newBlockingStub(session.channel());
    }
}
