package dev.sluice.control.cli;

import dev.sluice.control.cli.command.Apply;
import dev.sluice.control.cli.command.ApprovalCommands;
import dev.sluice.control.cli.command.BaselineCommands;
import dev.sluice.control.cli.command.Blueprint;
import dev.sluice.control.cli.command.CohortCommands;
import dev.sluice.control.cli.command.Events;
import dev.sluice.control.cli.command.Export;
import dev.sluice.control.cli.command.GateCommands;
import dev.sluice.control.cli.command.Isolation;
import dev.sluice.control.cli.command.Lint;
import dev.sluice.control.cli.command.MigrationCommands;
import dev.sluice.control.cli.command.NodeCommands;
import dev.sluice.control.cli.command.OperationCommands;
import dev.sluice.control.cli.command.PlanCommand;
import dev.sluice.control.cli.command.RampCommands;
import dev.sluice.control.cli.command.Search;
import dev.sluice.control.cli.command.ShareVerbs;
import dev.sluice.control.cli.command.SinkCommands;
import dev.sluice.control.cli.command.StructureCommands;
import dev.sluice.control.cli.command.Verbs;
import dev.sluice.control.cli.command.WindowCommands;
import dev.sluice.control.cli.postmortem.Postmortem;
import dev.sluice.control.cli.resource.ApprovalPolicies;
import dev.sluice.control.cli.resource.Baselines;
import dev.sluice.control.cli.resource.Cohorts;
import dev.sluice.control.cli.resource.Databases;
import dev.sluice.control.cli.resource.GateSets;
import dev.sluice.control.cli.resource.Gates;
import dev.sluice.control.cli.resource.Kind;
import dev.sluice.control.cli.resource.Migrations;
import dev.sluice.control.cli.resource.Nodes;
import dev.sluice.control.cli.resource.Ramps;
import dev.sluice.control.cli.resource.RingPlans;
import dev.sluice.control.cli.resource.Routes;
import dev.sluice.control.cli.resource.Services;
import dev.sluice.control.cli.resource.Share;
import dev.sluice.control.cli.resource.Sinks;
import dev.sluice.control.cli.resource.Updated;
import dev.sluice.control.cli.resource.Versions;
import dev.sluice.control.cli.resource.Windows;
import dev.sluice.control.cli.session.Ending;
import dev.sluice.control.cli.session.ExitCode;
import dev.sluice.control.cli.session.Options;
import dev.sluice.control.cli.session.Session;
import dev.sluice.control.cli.session.Surroundings;
import dev.sluice.control.cli.session.TimeOption;
import dev.sluice.control.cli.session.Trouble;
import dev.sluice.control.cli.watch.ApprovalWatch;
import dev.sluice.control.cli.watch.GateWatch;
import dev.sluice.control.cli.watch.MigrationWatch;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** All commands as one tree, and how each run of it ends. */
final class CommandTree {
    /** In the order in which they may name each other. */
    private static final List<Updated<?>> KINDS =
            List.of(
                    new RingPlans(),
                    new Services(),
                    new Versions(),
                    new Cohorts(),
                    new Gates(),
                    new GateSets(),
                    new Routes(),
                    new Windows(),
                    new Databases(),
                    new Sinks(),
                    new ApprovalPolicies(),
                    new Migrations());

    private CommandTree() {}

    /**
     * Runs one command.
     *
     * @return number of its {@link ExitCode}
     */
    static int run(Surroundings surroundings, String... args) {
        var root = new Root();
        try (var session = new Session(root.options, surroundings)) {
            return commandLine(root, session).execute(args);
        }
    }

    /** All commands, for those who only look at them. */
    static CommandLine commands(Surroundings surroundings) {
        var root = new Root();
        return commandLine(root, new Session(root.options, surroundings));
    }

    private static CommandLine commandLine(Root root, Session session) {
        var tree = new CommandLine(root);
        tree.addSubcommand(noun(new ServiceCommands(), session, new Services()));
        tree.addSubcommand(noun(new VersionCommands(), session, new Versions()));
        tree.addSubcommand(noun(new RouteCommands(), session, new Routes()));
        CommandLine gate = noun(new GateCommands(session), session, new Gates());
        ShareVerbs.add(gate, session, new Gates());
        gate.addSubcommand(new GateWatch(session));
        Isolation.add(gate, session);
        gate.addSubcommand(new Postmortem(session, Postmortem.Of.GATE));
        tree.addSubcommand(gate);
        tree.addSubcommand(noun(new CohortCommands(session), session, new Cohorts()));
        CommandLine gateSet = noun(new GateSetCommands(), session, new GateSets());
        ShareVerbs.add(gateSet, session, new GateSets());
        tree.addSubcommand(gateSet);
        CommandLine migration = noun(new MigrationCommands(session), session, new Migrations());
        migration.addSubcommand(new Blueprint(session));
        migration.addSubcommand(new MigrationWatch(session));
        migration.addSubcommand(new Postmortem(session, Postmortem.Of.MIGRATION));
        tree.addSubcommand(migration);
        tree.addSubcommand(noun(new WindowCommands(session), session, new Windows()));
        tree.addSubcommand(noun(new DatabaseCommands(), session, new Databases()));
        tree.addSubcommand(noun(new RingPlanCommands(), session, new RingPlans()));
        tree.addSubcommand(new StructureCommands(session));
        tree.addSubcommand(noun(new SinkCommands(session), session, new Sinks()));
        var approval = new CommandLine(new ApprovalCommands(session));
        approval.addSubcommand(new ApprovalWatch(session));
        tree.addSubcommand(approval);
        var ramp = new CommandLine(new RampCommands(session));
        Verbs.addCreated(ramp, session, new Ramps());
        var baseline = new CommandLine(new BaselineCommands(session));
        Verbs.addListed(baseline, session, new Baselines());
        tree.addSubcommand(baseline);
        tree.addSubcommand(ramp);
        var node = new CommandLine(new NodeCommands(session));
        Verbs.addListed(node, session, new Nodes());
        tree.addSubcommand(node);
        tree.addSubcommand(new OperationCommands(session));
        tree.addSubcommand(new Events(session));
        tree.addSubcommand(new Search(session));
        tree.addSubcommand("apply", new Apply(session, KINDS));
        tree.addSubcommand(new PlanCommand(session, KINDS));
        tree.addSubcommand(new Export(session, KINDS));
        tree.addSubcommand(new Lint(session, KINDS));
        tree.addSubcommand("completion", new Completion(session.surroundings()));
        var surroundings = session.surroundings();
        return settled(tree)
                .setOut(surroundings.out())
                .setErr(surroundings.err())
                .setParameterExceptionHandler(CommandTree::wrongUse)
                .setExecutionExceptionHandler(
                        (failure, command, parsed) -> ended(failure, session));
    }

    private static <R extends com.google.protobuf.Message> CommandLine noun(
            Object commands, Session session, Kind<R> kind) {
        var noun = new CommandLine(commands);
        Verbs.add(noun, session, kind);
        return noun;
    }

    private static CommandLine settled(CommandLine tree) {
        Map<String, String> exitCodes = new LinkedHashMap<>();
        for (ExitCode code : ExitCode.values()) {
            exitCodes.put(Integer.toString(code.number()), code.meaning());
        }
        tree.getCommandSpec()
                .usageMessage()
                .exitCodeListHeading("%nExit codes:%n")
                .exitCodeList(exitCodes)
                .footer(
                        "%nTo start something instead: sluice demo | control | proxy -c FILE |"
                                + " chaos%nTo look after a log: sluice audit | store");
        Descriptions.beginWithASentence(tree);
        return tree.registerConverter(Share.class, new Share.Converter())
                .registerConverter(Duration.class, TimeOption::duration)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setUsageHelpAutoWidth(true);
    }

    private static int wrongUse(CommandLine.ParameterException failure, String... args) {
        CommandLine command = failure.getCommandLine();
        command.getErr().println("sluice: " + failure.getMessage());
        CommandLine.UnmatchedArgumentException.printSuggestions(failure, command.getErr());
        command.getErr().println("see: " + command.getCommandSpec().qualifiedName() + " --help");
        return ExitCode.INVALID.number();
    }

    private static int ended(Exception failure, Session session) throws Exception {
        Ending ending =
                switch (failure) {
                    case Trouble trouble -> Ending.of(trouble);
                    case StatusRuntimeException refused -> Ending.of(refused, session.target());
                    default -> throw failure;
                };
        ending.lines().forEach(session.surroundings().err()::println);
        session.surroundings().err().flush();
        return ending.exitCode().number();
    }

    /** The root: options that every command takes, and the help. */
    @Command(
            name = "sluice",
            mixinStandardHelpOptions = true,
            scope = CommandLine.ScopeType.INHERIT,
            version = "sluice 0.1.0",
            synopsisSubcommandLabel = "COMMAND",
            description = "Sends a chosen share of live traffic to the new-schema version.")
    private static final class Root implements Callable<Integer> {
        @Mixin private Options options = new Options();
        @Spec private CommandSpec spec = CommandSpec.create();

        @Override
        public Integer call() {
            spec.commandLine().usage(spec.commandLine().getErr());
            return ExitCode.INVALID.number();
        }
    }

    @Command(name = "service", description = "Services: what gates choose between versions of.")
    private static final class ServiceCommands {}

    @Command(name = "version", description = "Versions of services: what plays an arm of a gate.")
    private static final class VersionCommands {}

    @Command(name = "route", description = "Routes: which calls to a service go where.")
    private static final class RouteCommands {}

    @Command(
            name = "database",
            description = "Databases: what migrations together may take of a store.")
    private static final class DatabaseCommands {}

    @Command(
            name = "ring-plan",
            description = "Plans of rings: in which order nodes get new structure; one at most.")
    private static final class RingPlanCommands {}

    @Command(
            name = "gateset",
            description = "Gate sets: gates of several services that move together.")
    private static final class GateSetCommands {}

    /** Prints a completion script. */
    @Command(
            name = "completion",
            description = "Prints a completion script: source <(sluice completion bash)")
    private static final class Completion implements Callable<Integer> {
        private final Surroundings surroundings;
        @Spec private CommandSpec spec = CommandSpec.create();

        @Parameters(paramLabel = "SHELL", description = "bash or zsh")
        private Shell shell = Shell.bash;

        Completion(Surroundings surroundings) {
            this.surroundings = surroundings;
        }

        @Override
        public Integer call() {
            if (shell == Shell.zsh) {
                surroundings.out().println("autoload -U +X compinit && compinit");
            }
            surroundings.out().print(AutoComplete.bash("sluice", spec.root().commandLine()));
            surroundings.out().flush();
            return ExitCode.OK.number();
        }

        private enum Shell {
            bash,
            zsh
        }
    }
}
