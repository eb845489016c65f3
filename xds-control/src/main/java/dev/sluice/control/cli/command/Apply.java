package dev.sluice.control.cli.command;

import com.google.protobuf.FieldMask;
import com.google.protobuf.Message;
import dev.sluice.admin.v1.Service;
import dev.sluice.control.cli.resource.Kind;
import dev.sluice.control.cli.resource.Resource;
import dev.sluice.control.cli.resource.ResourceFile;
import dev.sluice.control.cli.resource.Services;
import dev.sluice.control.cli.session.Change;
import dev.sluice.control.cli.session.ExitCode;
import dev.sluice.control.cli.session.Session;
import dev.sluice.control.cli.session.Trouble;
import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Makes resources be as a file says: creates what is not there, changes the fields that the file
 * sets in what is. Services come before versions, gates, sets and routes, and whom a service calls
 * before it, whatever their order in the file. For one run.
 */
@Command(
        description = {
            "Creates what is not there and changes what is, from a file of one or more resources.",
            "A field that the file does not set stays as it is; so does a gate's share."
        })
public final class Apply implements Callable<Integer> {
    private final Session session;

    /** In the order in which they are applied. */
    private final List<Kind<?>> kinds;

    @Option(
            names = {"-f", "--file"},
            required = true,
            paramLabel = "FILE",
            description = "YAML (also several documents) or JSON; - for standard input")
    private String file = "";

    @Option(
            names = "--validate-only",
            description =
                    "Check, change nothing; a resource that needs another of the file can be checked"
                            + " only once that one is there")
    private boolean validateOnly;

    public Apply(Session session, List<Kind<?>> kinds) {
        this.session = session;
        this.kinds = List.copyOf(kinds);
    }

    @Override
    public Integer call() {
        ResourceFile read = ResourceFile.read(file, session.surroundings());
        List<Item<?>> items = new ArrayList<>();
        for (ResourceFile.Part document : read.documents()) {
            items.add(item(read, document));
        }
        items.sort(Comparator.comparingInt(item -> kinds.indexOf(item.kind())));
        inOrderOfCalls(items).forEach(this::apply);
        return ExitCode.OK.number();
    }

    /** The resource with the etag of what is there, unless it has one. */
    static <R extends Message> R guarded(Channel channel, Kind<R> kind, R resource) {
        if (!Resource.etag(resource).isEmpty()) {
            return resource;
        }
        return Resource.withEtag(
                resource, Resource.etag(kind.get(channel, Resource.name(resource))));
    }

    /** The same, with services so that each can name whom it calls. */
    private List<Item<?>> inOrderOfCalls(List<Item<?>> items) {
        List<Item<?>> steps = new ArrayList<>();
        List<Service> services = new ArrayList<>();
        for (Item<?> item : items) {
            if (item.resource() instanceof Service service) {
                services.add(service);
            } else {
                steps.add(item);
            }
        }
        if (services.isEmpty()) {
            return items;
        }
        var kind = new Services();
        Predicate<String> present = name -> present(session.channel(), kind, name).isPresent();
        CallOrder.of(services, present).reversed().stream()
                .map(service -> new Item<>(kind, service))
                .forEach(steps::addFirst);
        return steps;
    }

    private record Item<R extends Message>(Kind<R> kind, R resource) {}

    private Item<?> item(ResourceFile read, ResourceFile.Part document) {
        for (Kind<?> kind : kinds) {
            if (kind.shape().fits(document.name())) {
                return item(kind, read, document);
            }
        }
        throw new Trouble(
                ExitCode.INVALID,
                "file " + read.source() + ", field name",
                "'" + document.name() + "'",
                kinds.stream().map(k -> k.shape().toString()).collect(Collectors.joining(" or ")),
                "give each document the whole name of its resource");
    }

    private static <R extends Message> Item<R> item(
            Kind<R> kind, ResourceFile read, ResourceFile.Part document) {
        return new Item<>(kind, read.message(document, kind.prototype()));
    }

    private <R extends Message> void apply(Item<R> item) {
        Kind<R> kind = item.kind();
        Channel channel = session.channel();
        Optional<R> present = present(channel, kind, Resource.name(item.resource()));
        R result;
        if (present.isEmpty()) {
            result = kind.create(channel, item.resource(), once());
        } else {
            R guarded =
                    Resource.etag(item.resource()).isEmpty()
                            ? Resource.withEtag(item.resource(), Resource.etag(present.get()))
                            : item.resource();
            result = kind.update(channel, guarded, FieldMask.getDefaultInstance(), once());
        }
        String done = present.isEmpty() ? "created " : "updated ";
        session.printer().event(result, (validateOnly ? "valid " : done) + Resource.name(result));
    }

    /** Each resource is a change of its own. */
    private Change once() {
        return new Change(session.requestId(), validateOnly);
    }

    private static <R extends Message> Optional<R> present(
            Channel channel, Kind<R> kind, String name) {
        try {
            return Optional.of(kind.get(channel, name));
        } catch (StatusRuntimeException e) {
            if (e.getStatus().getCode() == Status.Code.NOT_FOUND) {
                return Optional.empty();
            }
            throw e;
        }
    }
}
