package dev.sluice.control.admin;

import com.google.protobuf.Message;
import dev.sluice.control.admin.gate.CohortApi;
import dev.sluice.control.admin.gate.GateApi;
import dev.sluice.control.admin.gate.GateSetApi;
import dev.sluice.control.admin.migration.BaselineForm;
import dev.sluice.control.admin.migration.DatabaseApi;
import dev.sluice.control.admin.migration.MigrationApi;
import dev.sluice.control.admin.migration.RampForm;
import dev.sluice.control.admin.migration.WindowApi;
import dev.sluice.control.admin.notify.SinkApi;
import dev.sluice.control.admin.structure.NodeApi;
import dev.sluice.control.admin.structure.RingPlanApi;
import dev.sluice.control.admin.structure.RouteApi;
import dev.sluice.control.admin.structure.ServiceApi;
import dev.sluice.control.admin.structure.VersionApi;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.lifecycle.gate.FleetReport;
import dev.sluice.control.orchestrate.NodeStates;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** What a search looks through. Stateless. */
final class Searched {
    private Searched() {}

    /** Each kind, as its own service shows it. */
    static List<Function<Catalog, Stream<? extends Message>>> kinds(
            RampForm ramps, BaselineForm baselines, NodeStates nodes, Supplier<FleetReport> fleet) {
        return List.of(
                ServiceApi::all,
                VersionApi::all,
                RouteApi::all,
                GateApi::all,
                GateSetApi::all,
                CohortApi::all,
                WindowApi::all,
                DatabaseApi::all,
                SinkApi::all,
                MigrationApi::all,
                catalog -> catalog.ramps().stream().map(it -> ramps.write(it, catalog)),
                catalog ->
                        catalog.baselineMap().values().stream()
                                .map(it -> baselines.write(it, catalog)),
                catalog -> RingPlanApi.all(catalog, fleet),
                catalog -> NodeApi.all(catalog, nodes));
    }
}
