package dev.sluice.proxy.filter;

import dev.sluice.proxy.snapshot.filter.HttpFilterSpec;
import dev.sluice.proxy.snapshot.filter.HttpFilterSpec.Initially;
import dev.sluice.proxy.snapshot.filter.HttpFilterSpec.Named;
import dev.sluice.proxy.snapshot.filter.HttpFilterSpec.RouteOverride;
import dev.sluice.proxy.tap.Taps;
import io.netty.util.concurrent.Ticker;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The HTTP filters of a listener in their order, with the settings of one route. Routes that say
 * nothing share the chain of their virtual host, hosts that of the listener, so that a token bucket
 * is as wide as the level that configures it. Thread-safe.
 */
public final class FilterChain {
    private final List<Step> steps;
    private final List<HttpFilter> active;
    private final FilterFactory factory;

    /**
     * One filter and whether it works here.
     *
     * @param spec the settings in force
     */
    private record Step(Named named, HttpFilterSpec spec, HttpFilter filter, Initially state) {}

    /** No filter at all. */
    public static final FilterChain NONE =
            of(
                    List.of(),
                    new FilterFactory(
                            Ticker.systemTicker(),
                            InstantSource.system(),
                            () -> true,
                            ClientAddress.PEER,
                            source -> {
                                throw new IllegalStateException("no filter asks for keys here");
                            },
                            Taps.NONE));

    private FilterChain(List<Step> steps, FilterFactory factory) {
        this.steps = steps;
        this.factory = factory;
        active =
                steps.stream()
                        .filter(step -> step.state() == Initially.ON)
                        .map(Step::filter)
                        .toList();
    }

    /** The chain of a listener, before routes say anything. */
    public static FilterChain of(List<Named> filters, FilterFactory factory) {
        List<Step> steps = new ArrayList<>();
        for (Named named : filters) {
            steps.add(
                    new Step(
                            named,
                            named.spec(),
                            factory.create(named.name(), named.spec()),
                            named.initially()));
        }
        return new FilterChain(List.copyOf(steps), factory);
    }

    /** Whether {@link #of} would make the same chain again. */
    public boolean isOf(List<Named> filters, FilterFactory by) {
        return factory.equals(by) && filters.equals(steps.stream().map(Step::named).toList());
    }

    /** This chain with the settings of a more special level; names of no filter say nothing. */
    public FilterChain with(Map<String, RouteOverride> overrides) {
        if (steps.stream().noneMatch(step -> overrides.containsKey(step.named().name()))) {
            return this;
        }
        List<Step> changed = new ArrayList<>();
        for (Step step : steps) {
            RouteOverride override = overrides.get(step.named().name());
            changed.add(override == null ? step : overridden(step, override));
        }
        return new FilterChain(List.copyOf(changed), factory);
    }

    private Step overridden(Step step, RouteOverride override) {
        return switch (override) {
            case RouteOverride.Off() ->
                    new Step(step.named(), step.spec(), step.filter(), Initially.OFF);
            case RouteOverride.Settings(HttpFilterSpec spec) -> configured(step, spec);
            case RouteOverride.Requirement(String name) ->
                    step.spec() instanceof HttpFilterSpec.Jwt jwt
                            ? configured(step, jwt.requiring(name))
                            : step;
        };
    }

    private Step configured(Step step, HttpFilterSpec spec) {
        HttpFilter filter = factory.vary(step.filter(), step.named().name(), spec);
        return new Step(step.named(), spec, filter, Initially.ON);
    }

    /** Asks the filters one after the other until one refuses, answers or has to wait. */
    public FilterOutcome run(FilterRequest request) {
        return active.isEmpty()
                ? FilterVerdict.untouched(request.view())
                : new FilterRun(active, request).go();
    }
}
