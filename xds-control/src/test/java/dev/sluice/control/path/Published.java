package dev.sluice.control.path;

import dev.sluice.contract.GateName;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.snapshot.Publisher;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** A publisher that keeps what it was given. Owned by one thread. */
public final class Published implements Publisher {
    private final List<Catalog> catalogs = new ArrayList<>();
    private final List<Set<GateName>> kills = new ArrayList<>();

    @Override
    public void publish(Catalog catalog) {
        catalogs.add(catalog);
    }

    @Override
    public void publishKill(Catalog catalog, Set<GateName> gates) {
        catalogs.add(catalog);
        kills.add(gates);
    }

    public List<Catalog> catalogs() {
        return List.copyOf(catalogs);
    }

    public Catalog last() {
        return catalogs.getLast();
    }

    public List<Set<GateName>> kills() {
        return List.copyOf(kills);
    }
}
