package dev.sluice.control.cli.command;

import com.google.protobuf.FieldMask;
import com.google.protobuf.Message;
import dev.sluice.control.cli.resource.Created;
import dev.sluice.control.cli.resource.Kind;
import dev.sluice.control.cli.resource.Listed;
import dev.sluice.control.cli.resource.Resource;
import dev.sluice.control.cli.resource.ResourceFile;
import dev.sluice.control.cli.resource.Services;
import dev.sluice.control.cli.session.ChangeOptions;
import dev.sluice.control.cli.session.ExitCode;
import dev.sluice.control.cli.session.Session;
import io.grpc.Channel;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The commands of the standard methods, the same for every kind. Each object is for one run. */
public final class Verbs {
    private Verbs() {}

    /** Adds the commands that a kind has to its noun. */
    public static <R extends Message> void add(CommandLine noun, Session session, Kind<R> kind) {
        addCreated(noun, session, kind);
        noun.addSubcommand("apply", new Apply(session, List.of(kind)));
        noun.addSubcommand("update", new Update<>(session, kind));
        noun.addSubcommand("delete", new Delete<>(session, kind));
    }

    public static <R extends Message> void addCreated(
            CommandLine noun, Session session, Created<R> kind) {
        addListed(noun, session, kind);
        noun.addSubcommand("create", new Create<>(session, kind));
    }

    public static <R extends Message> void addListed(
            CommandLine noun, Session session, Listed<R> kind) {
        noun.addSubcommand("get", new Get<>(session, kind));
        noun.addSubcommand("list", new ListAll<>(session, kind));
    }

    @Command(description = "Shows one.")
    private static final class Get<R extends Message> implements Callable<Integer> {
        private final Session session;
        private final Listed<R> kind;

        @Parameters(paramLabel = "NAME", description = "Its name, with or without collections")
        private String name = "";

        Get(Session session, Listed<R> kind) {
            this.session = session;
            this.kind = kind;
        }

        @Override
        public Integer call() {
            R resource = kind.get(session.channel(), kind.shape().expand(name));
            session.printer().one(resource, kind.columns(session.words()));
            return ExitCode.OK.number();
        }
    }

    @Command(description = "Lists all.")
    private static final class ListAll<R extends Message> implements Callable<Integer> {
        private final Session session;
        private final Listed<R> kind;

        @Option(
                names = "--service",
                paramLabel = "NAME",
                description = "Only those of this service, for kinds that belong to one")
        private String service = "-";

        @Option(
                names = "--stale",
                description =
                        "Only those that should go: gates that nobody seems to need, versions past"
                                + " their end")
        private boolean stale;

        ListAll(Session session, Listed<R> kind) {
            this.session = session;
            this.kind = kind;
        }

        @Override
        public Integer call() {
            List<R> all = Listed.all(kind, session.channel(), Services.SHAPE.expand(service));
            List<R> wanted = stale ? all.stream().filter(kind::isStale).toList() : all;
            session.printer().many(wanted, kind.columns(session.words()));
            return ExitCode.OK.number();
        }
    }

    @Command(description = "Creates one from a file.")
    private static final class Create<R extends Message> implements Callable<Integer> {
        private final Session session;
        private final Created<R> kind;

        @Parameters(
                arity = "0..1",
                paramLabel = "NAME",
                description = "Its name. Default: the file's")
        private String name = "";

        @Option(
                names = {"-f", "--file"},
                required = true,
                paramLabel = "FILE",
                description = "YAML or JSON; - for standard input")
        private String file = "";

        @Mixin private ChangeOptions change = new ChangeOptions();

        Create(Session session, Created<R> kind) {
            this.session = session;
            this.kind = kind;
        }

        @Override
        public Integer call() {
            ResourceFile read = ResourceFile.read(file, session.surroundings());
            R resource = read.message(read.only(), kind.prototype());
            String given = name.isEmpty() ? Resource.name(resource) : name;
            R named = Resource.withName(resource, kind.shape().expand(given));
            R created = kind.create(session.channel(), named, session.change(change));
            session.printer().one(created, kind.columns(session.words()));
            return ExitCode.OK.number();
        }
    }

    @Command(description = "Changes one: the fields of the mask, or those that the file sets.")
    private static final class Update<R extends Message> implements Callable<Integer> {
        private final Session session;
        private final Kind<R> kind;

        @Parameters(
                arity = "0..1",
                paramLabel = "NAME",
                description = "Its name. Default: the file's")
        private String name = "";

        @Option(
                names = {"-f", "--file"},
                required = true,
                paramLabel = "FILE",
                description = "YAML or JSON; - for standard input")
        private String file = "";

        @Option(
                names = "--update-mask",
                split = ",",
                paramLabel = "FIELD",
                description = "Fields to change, parted by commas; * for all")
        private List<String> mask = List.of();

        @Mixin private ChangeOptions change = new ChangeOptions();

        Update(Session session, Kind<R> kind) {
            this.session = session;
            this.kind = kind;
        }

        @Override
        public Integer call() {
            ResourceFile read = ResourceFile.read(file, session.surroundings());
            R resource = read.message(read.only(), kind.prototype());
            String given = name.isEmpty() ? Resource.name(resource) : name;
            R named = Resource.withName(resource, kind.shape().expand(given));
            Channel channel = session.channel();
            R guarded = guarded(channel, kind, named);
            FieldMask fields = FieldMask.newBuilder().addAllPaths(mask).build();
            R updated = kind.update(channel, guarded, fields, session.change(change));
            session.printer().one(updated, kind.columns(session.words()));
            return ExitCode.OK.number();
        }
    }

    @Command(description = "Deletes one.")
    private static final class Delete<R extends Message> implements Callable<Integer> {
        private final Session session;
        private final Kind<R> kind;

        @Parameters(paramLabel = "NAME", description = "Its name, with or without collections")
        private String name = "";

        @Option(
                names = "--etag",
                paramLabel = "ETAG",
                description = "Delete only if this is still its etag")
        private String etag = "";

        @Mixin private ChangeOptions change = new ChangeOptions();

        Delete(Session session, Kind<R> kind) {
            this.session = session;
            this.kind = kind;
        }

        @Override
        public Integer call() {
            String whole = kind.shape().expand(name);
            kind.delete(session.channel(), whole, etag, session.change(change));
            session.printer().remark((change.validateOnly ? "would delete " : "deleted ") + whole);
            return ExitCode.OK.number();
        }
    }

    /** The resource with the etag of what is there, unless it has one. */
    private static <R extends Message> R guarded(Channel channel, Kind<R> kind, R resource) {
        if (!Resource.etag(resource).isEmpty()) {
            return resource;
        }
        return Resource.withEtag(
                resource, Resource.etag(kind.get(channel, Resource.name(resource))));
    }
}
