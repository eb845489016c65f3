package dev.sluice.control.admin;

import com.google.protobuf.Message;
import dev.sluice.control.admin.gate.CohortApi;
import dev.sluice.control.admin.gate.GateApi;
import dev.sluice.control.admin.gate.GateSetApi;
import dev.sluice.control.admin.migration.DatabaseApi;
import dev.sluice.control.admin.migration.MigrationApi;
import dev.sluice.control.admin.migration.WindowApi;
import dev.sluice.control.admin.notify.SinkApi;
import dev.sluice.control.admin.structure.RouteApi;
import dev.sluice.control.admin.structure.ServiceApi;
import dev.sluice.control.admin.structure.VersionApi;
import dev.sluice.control.catalog.Catalog;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/** What a search looks through. Stateless. */
final class Searched {
    /** Each kind, as its own service shows it. */
    static final List<Function<Catalog, Stream<? extends Message>>> KINDS =
            List.of(
                    ServiceApi::all,
                    VersionApi::all,
                    RouteApi::all,
                    GateApi::all,
                    GateSetApi::all,
                    CohortApi::all,
                    WindowApi::all,
                    DatabaseApi::all,
                    SinkApi::all,
                    MigrationApi::all);

    private Searched() {}
}
