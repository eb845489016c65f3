package dev.sluice.control.catalog;

/** One thing of the state that has a name and an etag. Immutable. */
public sealed interface Resource
        permits Service,
                Version,
                Route,
                GateState,
                GateSet,
                Ramp,
                Migration,
                Node,
                ApprovalPolicy,
                Window,
                Sink,
                Cohort,
                Database,
                Baseline,
                RingPlan,
                Operation {
    /** Full resource name, such as {@code gates/orders}. */
    String resourceName();

    Meta meta();
}
