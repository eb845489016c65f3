package dev.sluice.control.cli.command;

import dev.sluice.admin.v1.Gate;
import dev.sluice.admin.v1.GateServiceGrpc;
import dev.sluice.admin.v1.GateServiceGrpc.GateServiceBlockingStub;
import dev.sluice.admin.v1.IsolateGateRequest;
import dev.sluice.admin.v1.ReleaseGateRequest;
import dev.sluice.control.cli.resource.Cohorts;
import dev.sluice.control.cli.resource.Gates;
import dev.sluice.control.cli.session.Change;
import dev.sluice.control.cli.session.ChangeOptions;
import dev.sluice.control.cli.session.ExitCode;
import dev.sluice.control.cli.session.RequiredReasonOption;
import dev.sluice.control.cli.session.Session;
import dev.sluice.control.cli.session.Trouble;
import dev.sluice.gate.v1.Arm;
import dev.sluice.gate.v1.GrpcMethod;
import dev.sluice.gate.v1.Rule;
import dev.sluice.gate.v1.RuleMatch;
import io.envoyproxy.envoy.type.matcher.v3.StringMatcher;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Keeps a part of a gate's requests on LEGACY while the rest goes on: a rule in front of all
 * others, which a ramp or migration at work leaves as it is. Each object is for one run.
 */
public final class Isolation {
    private Isolation() {}

    /** Adds the two commands to the noun. */
    public static void add(CommandLine gate, Session session) {
        gate.addSubcommand("isolate", new Isolate(session));
        gate.addSubcommand("release", new Release(session));
    }

    private static final String NAME = "isolated";

    /** The name of a rule as the control plane wants it. */
    private static String full(String rule) {
        return rule.equals(NAME) || rule.startsWith(NAME + "-") ? rule : NAME + "-" + rule;
    }

    private static GateServiceBlockingStub stub(Session session) {
        return GateServiceGrpc.newBlockingStub(session.channel());
    }

    private static int show(Session session, Gate gate) {
        session.printer().one(gate, new Gates().columns(session.words()));
        return ExitCode.OK.number();
    }

    @Command(
            description = {
                "Keeps keys, a cohort, an operation or everything of a gate on LEGACY.",
                "The rest goes on, a ramp at work too. What is given must all hold."
            })
    private static final class Isolate implements Callable<Integer> {
        private final Session session;

        @Parameters(paramLabel = "NAME")
        private String name = "";

        @Option(
                names = "--key",
                split = ",",
                paramLabel = "KEY",
                description = "Bucketing keys; more at each call; KEY* for a prefix")
        private List<String> keys = List.of();

        @Option(names = "--cohort", paramLabel = "NAME", description = "A cohort")
        private String cohort = "";

        @Option(
                names = "--method",
                split = ",",
                paramLabel = "METHOD",
                description = "HTTP methods of an operation")
        private List<String> methods = List.of();

        @Option(
                names = "--path",
                paramLabel = "PATH",
                description = "Path of an operation; PATH* for a prefix")
        private String path = "";

        @Option(
                names = "--grpc",
                paramLabel = "SERVICE[/METHOD]",
                description = "A gRPC service, or one method of it")
        private String grpc = "";

        @Option(names = "--all", description = "Everything that comes to this gate")
        private boolean all;

        @Option(
                names = "--rule",
                paramLabel = "RULE",
                description =
                        "Name to release it by; `isolated-` comes before it. Default: without one")
        private String rule = NAME;

        @Mixin private RequiredReasonOption reason = new RequiredReasonOption();
        @Mixin private ChangeOptions options = new ChangeOptions();

        Isolate(Session session) {
            this.session = session;
        }

        @Override
        public Integer call() {
            Rule wanted = wanted();
            boolean says = wanted.hasCohort() || wanted.hasMatch();
            if (says == all) {
                throw new Trouble(
                        ExitCode.INVALID,
                        "--all",
                        all ? "together with others" : "nothing to isolate",
                        "--all, or what to isolate",
                        "give --key, --cohort, --method, --path, --grpc, or --all");
            }
            if (!keys.isEmpty() && !cohort.isEmpty()) {
                throw new Trouble(
                        ExitCode.INVALID,
                        "--cohort",
                        "keys and a cohort",
                        "one of them",
                        "isolate them by two rules, or put the keys into the cohort");
            }
            Change change = session.change(options);
            return show(
                    session,
                    stub(session)
                            .isolateGate(
                                    IsolateGateRequest.newBuilder()
                                            .setName(Gates.SHAPE.expand(name))
                                            .setRule(wanted)
                                            .setReason(reason.text)
                                            .setRequestId(change.requestId())
                                            .setValidateOnly(change.validateOnly())
                                            .build()));
        }

        private Rule wanted() {
            Rule.Builder wanted = Rule.newBuilder().setName(full(rule)).setArm(Arm.LEGACY);
            RuleMatch.Builder match = RuleMatch.newBuilder().addAllMethods(methods);
            if (!path.isEmpty()) {
                match.setPath(matcher(path));
            }
            if (!grpc.isEmpty()) {
                int slash = grpc.indexOf('/');
                match.setGrpcMethod(
                        GrpcMethod.newBuilder()
                                .setService(slash < 0 ? grpc : grpc.substring(0, slash))
                                .setMethod(slash < 0 ? "" : grpc.substring(slash + 1)));
            }
            if (!match.build().equals(RuleMatch.getDefaultInstance())) {
                wanted.setMatch(match);
            }
            if (!cohort.isEmpty()) {
                wanted.getCohortBuilder().setName(Cohorts.SHAPE.expand(cohort));
            }
            keys.forEach(key -> wanted.getCohortBuilder().addInclude(matcher(key)));
            return wanted.build();
        }

        private static StringMatcher matcher(String text) {
            return text.endsWith("*")
                    ? StringMatcher.newBuilder()
                            .setPrefix(text.substring(0, text.length() - 1))
                            .build()
                    : StringMatcher.newBuilder().setExact(text).build();
        }
    }

    @Command(description = "Ends an isolation: what was kept on LEGACY is decided like the rest.")
    private static final class Release implements Callable<Integer> {
        private final Session session;

        @Parameters(index = "0", paramLabel = "NAME")
        private String name = "";

        @Parameters(index = "1", arity = "0..1", paramLabel = "RULE", defaultValue = NAME)
        private String rule = NAME;

        @Mixin private RequiredReasonOption reason = new RequiredReasonOption();
        @Mixin private ChangeOptions options = new ChangeOptions();

        Release(Session session) {
            this.session = session;
        }

        @Override
        public Integer call() {
            Change change = session.change(options);
            return show(
                    session,
                    stub(session)
                            .releaseGate(
                                    ReleaseGateRequest.newBuilder()
                                            .setName(Gates.SHAPE.expand(name))
                                            .setRule(full(rule))
                                            .setReason(reason.text)
                                            .setRequestId(change.requestId())
                                            .setValidateOnly(change.validateOnly())
                                            .build()));
        }
    }
}
