package dev.sluice.control.cli.bundle;

import com.google.protobuf.FieldMask;
import com.google.protobuf.Message;
import dev.sluice.admin.v1.Service;
import dev.sluice.control.cli.resource.Created;
import dev.sluice.control.cli.resource.Resource;
import dev.sluice.control.cli.resource.Services;
import dev.sluice.control.cli.resource.Updated;
import dev.sluice.control.cli.session.Change;
import dev.sluice.control.cli.session.ExitCode;
import dev.sluice.control.cli.session.Session;
import dev.sluice.control.cli.session.Trouble;
import io.grpc.Channel;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Does what a plan says, each resource as a change of its own: whom a service calls before it, what
 * is pruned at the end. For one run.
 */
public final class Applier {
    private final Session session;
    private final Channel channel;

    /** What was there when it was planned, until it is changed. */
    private final Map<String, Message> seen = new HashMap<>();

    private final Set<String> told = new HashSet<>();

    public Applier(Session session) {
        this.session = session;
        this.channel = session.channel();
    }

    /** Does it, and prints a line for each resource. The plan must refuse nothing. */
    public void apply(Plan plan) {
        plan.of(Entry.Changed.class)
                .forEach(changed -> seen.put(changed.name(), changed.present()));
        plan.of(Entry.Pruned.class).forEach(pruned -> seen.put(pruned.name(), pruned.resource()));
        services(plan).forEach(service -> put(new Services(), service));
        for (Entry entry : plan.entries()) {
            switch (entry) {
                case Entry.Added(var item, var resource, _, _) -> put(item, resource);
                case Entry.Changed(var item, _, var resource, _, _) -> put(item, resource);
                case Entry.Unchanged(var item) ->
                        session.printer().event(item.resource(), "unchanged " + item.name());
                case Entry.Pruned pruned -> delete(pruned);
                case Entry.Refused refused ->
                        throw new IllegalArgumentException(refused.toString());
            }
        }
    }

    /** So that each can name whom it calls. */
    private List<Service> services(Plan plan) {
        List<Service> services = new ArrayList<>();
        for (Entry entry : plan.entries()) {
            switch (entry) {
                case Entry.Added(_, Service service, _, _) -> services.add(service);
                case Entry.Changed(_, _, Service service, _, _) -> services.add(service);
                default -> {}
            }
        }
        return CallOrder.of(
                services, name -> Planner.present(channel, new Services(), name).isPresent());
    }

    @SuppressWarnings("unchecked") // an item's kind is that of its resource
    private <R extends Message> void put(Item<R> item, Message resource) {
        if (!(resource instanceof Service)) {
            put(item.kind(), (R) resource);
        }
    }

    private <R extends Message> void put(Updated<R> kind, R resource) {
        String name = Resource.name(resource);
        Optional<R> present = Planner.present(channel, kind, name);
        present.ifPresent(there -> checkAsPlanned(name, there));
        R result =
                present.isEmpty()
                        ? created(kind, resource)
                        : kind.update(
                                channel,
                                guarded(resource, present.get()),
                                FieldMask.getDefaultInstance(),
                                once());
        if (told.add(name)) {
            session.printer().event(result, (present.isEmpty() ? "created " : "updated ") + name);
        }
    }

    /** Changes of this run may give it another etag; changes of others are to be looked at. */
    private void checkAsPlanned(String name, Message present) {
        Message planned = seen.remove(name);
        if (planned != null && !planned.equals(Wanted.of(present))) {
            throw new Trouble(
                    ExitCode.STALE,
                    name,
                    "changed since it was planned",
                    "as the plan has it",
                    "look at it, and repeat");
        }
    }

    private static <R extends Message> R guarded(R resource, R present) {
        return Resource.etag(resource).isEmpty()
                ? Resource.withEtag(resource, Resource.etag(present))
                : resource;
    }

    private <R extends Message> R created(Updated<R> kind, R resource) {
        if (kind instanceof Created<R> creatable) {
            return creatable.create(channel, resource, once());
        }
        throw new Trouble(
                ExitCode.INVALID,
                "name",
                Resource.name(resource),
                "one that is there always",
                "correct the name");
    }

    private void delete(Entry.Pruned pruned) {
        Planner.present(channel, pruned.kind(), pruned.name())
                .ifPresent(there -> {
                    checkAsPlanned(pruned.name(), there);
                    pruned.kind().delete(channel, pruned.name(), Resource.etag(there), once());
                    session.printer().event(there, "deleted " + pruned.name());
                });
    }

    private Change once() {
        return new Change(session.requestId(), /* validateOnly= */ false);
    }
}
