package dev.sluice.contract.gate;

import dev.sluice.contract.Problems;
import java.util.Optional;
import java.util.Set;

/** The modes that a gate moves keys between, allowed for its store. Immutable. */
record Steps(StoreKind storeKind, Mode from, Mode to) {
    /** Reads them; empty exactly after a problem. */
    static Optional<Steps> parse(dev.sluice.gate.v1.Gate proto, Problems at) {
        Optional<StoreKind> store =
                Fields.required(StoreKind.class, proto.getStoreKindValue(), at.field("store_kind"));
        Optional<Mode> from = Fields.required(Mode.class, proto.getFromValue(), at.field("from"));
        Optional<Mode> to = Fields.required(Mode.class, proto.getToValue(), at.field("to"));
        if (store.isEmpty() || from.isEmpty() || to.isEmpty()) {
            return Optional.empty();
        }
        Set<Mode> next = from.get().next(store.get());
        if (!next.contains(to.get())) {
            at.field("to")
                    .add(
                            to.get() + " after " + from.get() + " on a " + store.get() + " store",
                            next.isEmpty() ? "no gate from this mode" : "one of " + next,
                            "choose neighbours in the order of a migration; keys go back by a"
                                    + " lower share");
            return Optional.empty();
        }
        return Optional.of(new Steps(store.get(), from.get(), to.get()));
    }
}
