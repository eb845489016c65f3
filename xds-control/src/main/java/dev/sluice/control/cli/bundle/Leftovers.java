package dev.sluice.control.cli.bundle;

import com.google.protobuf.Message;
import dev.sluice.admin.v1.Gate;
import dev.sluice.control.cli.resource.Kind;
import dev.sluice.control.cli.resource.Listed;
import dev.sluice.control.cli.resource.Resource;
import dev.sluice.control.cli.resource.Share;
import dev.sluice.control.cli.resource.Updated;
import dev.sluice.control.cli.session.Change;
import dev.sluice.control.cli.session.Ending;
import dev.sluice.control.cli.session.ExitCode;
import dev.sluice.control.cli.session.Session;
import dev.sluice.control.cli.session.Trouble;
import io.grpc.StatusRuntimeException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Finds what came from files of an owner and is in none any more, and whether it can go: nothing
 * that stays may name it, and no gate may have keys on its new side. For one run.
 */
final class Leftovers {
    private final Session session;
    private final List<Updated<?>> kinds;

    Leftovers(Session session, List<Updated<?>> kinds) {
        this.session = session;
        this.kinds = kinds;
    }

    private record Left(Kind<?> kind, Message resource, String etag) {
        String name() {
            return Resource.name(resource);
        }
    }

    /** In the order of deleting: what names another goes before it. */
    List<Entry> of(Bundle bundle, String owner) {
        Map<String, Message> staying = new TreeMap<>();
        List<Left> left = new ArrayList<>();
        for (Updated<?> kind : kinds) {
            sort(kind, bundle.names(), owner, staying, left);
        }
        bundle.items().forEach(item -> staying.put(item.name(), wanted(item, staying)));
        List<Left> order =
                References.inOrder(left, Left::name, Left::resource, it -> kinds.indexOf(it.kind()))
                        .reversed();
        Set<String> names = order.stream().map(Left::name).collect(Collectors.toSet());
        Map<String, String> needed = needed(staying, names);
        Set<String> amongThem = new HashSet<>();
        order.forEach(it -> amongThem.addAll(References.of(it.resource(), it.name(), names)));
        List<Entry> entries = new ArrayList<>();
        for (Left it : order) {
            entries.add(
                    reason(it, needed, amongThem)
                            .<Entry>map(why -> new Entry.Refused(it.name(), "", why))
                            .orElseGet(() -> new Entry.Pruned(it.kind(), it.resource())));
        }
        return entries;
    }

    private <R extends Message> void sort(
            Updated<R> kind,
            Set<String> inFiles,
            String owner,
            Map<String, Message> staying,
            List<Left> left) {
        for (R resource : Listed.all(kind, session.channel(), "services/-")) {
            String name = Resource.name(resource);
            boolean ours = Wanted.owner(resource).filter(owner::equals).isPresent();
            if (ours && !inFiles.contains(name) && kind instanceof Kind<R> deletable) {
                left.add(new Left(deletable, Wanted.of(resource), Resource.etag(resource)));
            } else {
                staying.put(name, Wanted.of(resource));
            }
        }
    }

    private static Message wanted(Item<?> item, Map<String, Message> staying) {
        return Optional.ofNullable(staying.get(item.name()))
                .map(present -> Wanted.over(present, item.resource()))
                .orElse(item.resource());
    }

    /** Who, of those that stay, names one of these. */
    private static Map<String, String> needed(Map<String, Message> staying, Set<String> names) {
        Map<String, String> by = new HashMap<>();
        staying.forEach((name, resource) ->
                References.of(resource, name, names).forEach(named -> by.putIfAbsent(named, name)));
        return by;
    }

    private Optional<Ending> reason(Left it, Map<String, String> needed, Set<String> amongThem) {
        if (needed.containsKey(it.name())) {
            return Optional.of(
                    inUse(it.name(), "named by " + needed.get(it.name()), "change that first"));
        }
        if (it.resource() instanceof Gate gate && gate.getSharePpm() > 0) {
            return Optional.of(
                    inUse(
                            it.name(),
                            Share.text(gate.getSharePpm()) + " of its keys on the new side",
                            "roll it back, or take it out of its routes by the file first"));
        }
        if (amongThem.contains(it.name())) {
            return Optional.empty(); // what names it goes first, and only then it can be asked
        }
        try {
            deletable(it);
            return Optional.empty();
        } catch (StatusRuntimeException refusal) {
            return Optional.of(Ending.of(refusal, session.target()));
        }
    }

    private void deletable(Left it) {
        it.kind()
                .delete(
                        session.channel(),
                        it.name(),
                        it.etag(),
                        new Change(session.requestId(), /* validateOnly= */ true));
    }

    private static Ending inUse(String name, String got, String remedy) {
        return Ending.of(
                new Trouble(
                        ExitCode.REFUSED,
                        name,
                        got,
                        "nothing that uses it before it goes",
                        remedy));
    }
}
