package dev.sluice.proxy.resource.read;

/** What the proxy does with a field of an Envoy message. */
public sealed interface FieldClass {
    /** It has its effect. */
    record Implemented() implements FieldClass {}

    /** It has no effect on which answer, to whom, or when: accepted, and listed. */
    record Inert() implements FieldClass {}

    /**
     * A resource that sets it is refused.
     *
     * @param remedy what to do instead
     */
    record Refused(String remedy) implements FieldClass {}
}
