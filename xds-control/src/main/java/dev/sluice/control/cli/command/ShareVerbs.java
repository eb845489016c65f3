package dev.sluice.control.cli.command;

import com.google.protobuf.Message;
import dev.sluice.control.cli.resource.HasShare;
import dev.sluice.control.cli.resource.Share;
import dev.sluice.control.cli.session.ChangeOptions;
import dev.sluice.control.cli.session.EtagOption;
import dev.sluice.control.cli.session.ExitCode;
import dev.sluice.control.cli.session.ReasonOption;
import dev.sluice.control.cli.session.RequiredReasonOption;
import dev.sluice.control.cli.session.Session;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * The commands that move keys, the same for a gate and for a set of gates, where they hold for
 * every gate of it. Each object is for one run.
 */
public final class ShareVerbs {
    private ShareVerbs() {}

    /** Adds them to a noun. */
    public static <R extends Message> void add(
            CommandLine noun, Session session, HasShare<R> kind) {
        noun.addSubcommand("set", new SetShare<>(session, kind));
        noun.addSubcommand("rollback", new Rollback<>(session, kind));
        noun.addSubcommand("kill", new Kill<>(session, kind));
        noun.addSubcommand("resume", new Resume<>(session, kind));
    }

    private static <R extends Message> int show(Session session, HasShare<R> kind, R resource) {
        session.printer().one(resource, kind.columns(session.words()));
        return ExitCode.OK.number();
    }

    @Command(description = "Sets the share of keys that are moved, such as 25%% or 250000ppm.")
    private static final class SetShare<R extends Message> implements Callable<Integer> {
        private final Session session;
        private final HasShare<R> kind;

        @Parameters(index = "0", paramLabel = "NAME")
        private String name = "";

        @Parameters(index = "1", paramLabel = "SHARE")
        private Share share = new Share(0);

        @Mixin private EtagOption etag = new EtagOption();
        @Mixin private ReasonOption reason = new ReasonOption();
        @Mixin private ChangeOptions options = new ChangeOptions();

        SetShare(Session session, HasShare<R> kind) {
            this.session = session;
            this.kind = kind;
        }

        @Override
        public Integer call() {
            String whole = kind.shape().expand(name);
            var channel = session.channel();
            String guard = etag.or(() -> kind.etag(channel, whole));
            return show(
                    session,
                    kind,
                    kind.setShare(
                            channel, whole, share, guard, reason.text, session.change(options)));
        }
    }

    @Command(
            description = {
                "Takes the share back to 0%% and stops a ramp: at once, or --gradual, in steps.",
                "--gradual prints the operation that does it; follow it by `operation watch`."
            })
    private static final class Rollback<R extends Message> implements Callable<Integer> {
        private final Session session;
        private final HasShare<R> kind;

        @Parameters(paramLabel = "NAME")
        private String name = "";

        @Mixin private GradualOptions gradual = new GradualOptions();
        @Mixin private RequiredReasonOption reason = new RequiredReasonOption();
        @Mixin private ChangeOptions options = new ChangeOptions();

        Rollback(Session session, HasShare<R> kind) {
            this.session = session;
            this.kind = kind;
        }

        @Override
        public Integer call() {
            String whole = kind.shape().expand(name);
            if (gradual.isAsked()) {
                return gradual.begin(session, whole, reason.text, session.change(options));
            }
            return show(
                    session,
                    kind,
                    kind.rollback(session.channel(), whole, reason.text, session.change(options)));
        }
    }

    @Command(description = "Takes every key back at once and keeps it so until resume.")
    private static final class Kill<R extends Message> implements Callable<Integer> {
        private final Session session;
        private final HasShare<R> kind;

        @Parameters(paramLabel = "NAME")
        private String name = "";

        @Mixin private RequiredReasonOption reason = new RequiredReasonOption();
        @Mixin private ChangeOptions options = new ChangeOptions();

        Kill(Session session, HasShare<R> kind) {
            this.session = session;
            this.kind = kind;
        }

        @Override
        public Integer call() {
            String whole = kind.shape().expand(name);
            return show(
                    session,
                    kind,
                    kind.kill(session.channel(), whole, reason.text, session.change(options)));
        }
    }

    @Command(description = "Ends a kill, and those of sidecars and trips by their ids.")
    private static final class Resume<R extends Message> implements Callable<Integer> {
        private final Session session;
        private final HasShare<R> kind;

        @Parameters(paramLabel = "NAME")
        private String name = "";

        @Option(
                names = {"--trip", "--local-kill"},
                paramLabel = "ID",
                description = "A trip, or a kill of one sidecar, to acknowledge; repeatable")
        private List<String> trips = List.of();

        @Mixin private ReasonOption reason = new ReasonOption();
        @Mixin private ChangeOptions options = new ChangeOptions();

        Resume(Session session, HasShare<R> kind) {
            this.session = session;
            this.kind = kind;
        }

        @Override
        public Integer call() {
            String whole = kind.shape().expand(name);
            return show(
                    session,
                    kind,
                    kind.resume(
                            session.channel(), whole, trips, reason.text, session.change(options)));
        }
    }
}
