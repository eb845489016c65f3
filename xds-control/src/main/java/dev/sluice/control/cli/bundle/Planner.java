package dev.sluice.control.cli.bundle;

import com.google.protobuf.FieldMask;
import com.google.protobuf.Message;
import dev.sluice.control.cli.resource.Created;
import dev.sluice.control.cli.resource.Listed;
import dev.sluice.control.cli.resource.Resource;
import dev.sluice.control.cli.resource.Updated;
import dev.sluice.control.cli.session.Change;
import dev.sluice.control.cli.session.Ending;
import dev.sluice.control.cli.session.ExitCode;
import dev.sluice.control.cli.session.Session;
import dev.sluice.control.cli.session.Trouble;
import dev.sluice.control.message.Difference;
import dev.sluice.control.message.Differences;
import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Finds how what is there differs from what files say. The control plane itself works out what a
 * resource would become, by changes that are only validated, so defaults and its own writing of
 * values are no differences, and what it would refuse is known before anything is done. For one
 * run.
 */
public final class Planner {
    private final Session session;
    private final Channel channel;

    /** In the order in which they are made. */
    private final List<Updated<?>> kinds;

    public Planner(Session session, List<Updated<?>> kinds) {
        this.session = session;
        this.channel = session.channel();
        this.kinds = List.copyOf(kinds);
    }

    /** Compares; changes nothing. */
    public Plan plan(Bundle bundle, Owner owner) {
        Map<String, Optional<? extends Message>> present = new LinkedHashMap<>();
        bundle.items().forEach(item -> present.put(item.name(), present(item)));
        Set<String> missing = new HashSet<>();
        present.forEach((name, there) -> {
            if (there.isEmpty()) {
                missing.add(name);
            }
        });
        var steering = new Steering(channel);
        List<Entry> entries = new ArrayList<>();
        for (Item<?> item : inOrder(bundle)) {
            entries.add(entry(item, owner, missing, steering));
        }
        if (owner.unlisted() == Owner.Unlisted.PRUNED) {
            entries.addAll(new Leftovers(session, kinds).of(bundle, owner.name().orElseThrow()));
        }
        return new Plan(entries, NamedBaselines.missing(bundle, channel));
    }

    private List<Item<?>> inOrder(Bundle bundle) {
        return References.<Item<?>>inOrder(
                bundle.items(), Item::name, Item::resource, item -> kinds.indexOf(item.kind()));
    }

    private <R extends Message> Optional<R> present(Item<R> item) {
        return present(channel, item.kind(), item.name());
    }

    static <R extends Message> Optional<R> present(Channel channel, Listed<R> kind, String name) {
        try {
            return Optional.of(kind.get(channel, name));
        } catch (StatusRuntimeException e) {
            if (e.getStatus().getCode() == Status.Code.NOT_FOUND) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private <R extends Message> Entry entry(
            Item<R> item, Owner owner, Set<String> missing, Steering steering) {
        Optional<R> present = present(item);
        Optional<String> other =
                present.flatMap(Wanted::owner)
                        .filter(_ -> owner.name().isPresent())
                        .filter(name -> !name.equals(owner.name().orElseThrow()));
        if (other.isPresent() && owner.others() == Owner.Others.REFUSED) {
            return refused(item, notOurs(item, other.get(), owner.name().orElseThrow()));
        }
        R file = Wanted.owned(item.resource(), present, owner.name());
        boolean early = !References.of(file, item.name(), missing).isEmpty();
        try {
            return present.isEmpty()
                    ? added(item, file, early)
                    : changed(item, steering.leave(present.get(), file), present.get(), early);
        } catch (StatusRuntimeException refusal) {
            return refused(item, Ending.of(refusal, session.target()));
        }
    }

    private <R extends Message> Entry added(Item<R> item, R file, boolean early) {
        R made = file;
        if (!early && item.kind() instanceof Created<R> kind) {
            made = kind.create(channel, file, validated());
        }
        R nothing = Resource.withName(item.kind().prototype(), item.name());
        List<Difference> fields = Differences.between(nothing, Wanted.of(made));
        return new Entry.Added(item, file, fields, early ? Entry.Check.LATER : Entry.Check.TAKEN);
    }

    private <R extends Message> Entry changed(Item<R> item, R file, R present, boolean early) {
        R guarded =
                Resource.etag(file).isEmpty()
                        ? Resource.withEtag(file, Resource.etag(present))
                        : file;
        R changed =
                early
                        ? Wanted.over(present, file)
                        : item.kind()
                                .update(
                                        channel,
                                        guarded,
                                        FieldMask.getDefaultInstance(),
                                        validated());
        List<Difference> changes = Differences.between(Wanted.of(present), Wanted.of(changed));
        return changes.isEmpty()
                ? new Entry.Unchanged(item)
                : new Entry.Changed(
                        item,
                        Wanted.of(present),
                        file,
                        changes,
                        early ? Entry.Check.LATER : Entry.Check.TAKEN);
    }

    private Change validated() {
        return new Change(session.requestId(), /* validateOnly= */ true);
    }

    private static Ending notOurs(Item<?> item, String other, String owner) {
        return Ending.of(
                new Trouble(
                        ExitCode.REFUSED,
                        item.name(),
                        "from files of '" + other + "'",
                        "files of '" + owner + "' alone",
                        "take it out of one of the two, or give --take-over"));
    }

    private static Entry refused(Item<?> item, Ending why) {
        return new Entry.Refused(item.name(), item.place(), why);
    }
}
