package dev.sluice.chaos.toxiproxy;

import dev.sluice.chaos.toxiproxy.toxic.Direction;
import dev.sluice.chaos.toxiproxy.toxic.Toxic;
import dev.sluice.chaos.toxiproxy.toxic.ToxicType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The toxics of one proxy, upstream ones first, each direction in the order of adding. Immutable;
 * changes give another.
 */
record ProxyToxics(List<Toxic> all) {
    static final ProxyToxics NONE = new ProxyToxics(List.of());

    ProxyToxics {
        all = List.copyOf(all);
    }

    Toxic get(String name) throws Refused {
        return find(name).orElseThrow(() -> new Refused(Refused.Reason.TOXIC_NOT_FOUND));
    }

    private Optional<Toxic> find(String name) {
        return all.stream().filter(toxic -> toxic.name().equals(name)).findFirst();
    }

    /** The toxic that a request describes. */
    static Toxic read(Body body) throws Refused {
        String stream = body.text("stream").orElse("downstream");
        String typeName = body.text("type").orElse("");
        String name = body.text("name").orElse("");
        float toxicity = body.number("toxicity").orElse(1f);
        Direction direction =
                Direction.of(stream).orElseThrow(() -> new Refused(Refused.Reason.INVALID_STREAM));
        ToxicType type =
                ToxicType.of(typeName).orElseThrow(() -> new Refused(Refused.Reason.INVALID_TYPE));
        return new Toxic(
                name.isEmpty() ? typeName + "_" + stream : name,
                type,
                stream,
                direction,
                toxicity,
                body.attributes(type, Map.of()));
    }

    ProxyToxics plus(Toxic added) throws Refused {
        if (find(added.name()).isPresent()) {
            throw new Refused(Refused.Reason.TOXIC_EXISTS);
        }
        List<Toxic> next = new ArrayList<>(all);
        int end = next.size();
        while (end > 0 && next.get(end - 1).direction().compareTo(added.direction()) > 0) {
            end--;
        }
        next.add(end, added);
        return new ProxyToxics(next);
    }

    ProxyToxics replacing(Toxic changed) {
        return new ProxyToxics(
                all.stream()
                        .map(toxic -> toxic.name().equals(changed.name()) ? changed : toxic)
                        .toList());
    }

    ProxyToxics minus(String name) throws Refused {
        Toxic gone = get(name);
        return new ProxyToxics(all.stream().filter(toxic -> !toxic.equals(gone)).toList());
    }
}
