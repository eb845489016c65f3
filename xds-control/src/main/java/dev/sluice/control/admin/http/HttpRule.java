package dev.sluice.control.admin.http;

import com.google.api.AnnotationsProto;
import com.google.api.HttpRule.PatternCase;
import com.google.protobuf.Descriptors;
import com.google.protobuf.Message;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.PrototypeMarshaller;
import io.grpc.ServerServiceDefinition;
import io.grpc.protobuf.ProtoMethodDescriptorSupplier;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * How one method of the API is called over HTTP, as its {@code google.api.http} annotation says
 * (AIP 127). Immutable.
 *
 * @param method as gRPC knows it
 * @param descriptor as the contract has it
 * @param verb GET, POST, PATCH or DELETE
 * @param body field that the body is; {@code *} for the whole request, empty for none
 */
record HttpRule(
        MethodDescriptor<Message, Message> method,
        Descriptors.MethodDescriptor descriptor,
        String verb,
        PathTemplate path,
        String body) {
    /** The rules of every method that has one, in the order of the contract. */
    static List<HttpRule> of(List<ServerServiceDefinition> services) {
        List<HttpRule> rules = new ArrayList<>();
        for (ServerServiceDefinition service : services) {
            for (MethodDescriptor<?, ?> method : service.getServiceDescriptor().getMethods()) {
                if (method.getSchemaDescriptor() instanceof ProtoMethodDescriptorSupplier schema
                        && schema.getMethodDescriptor()
                                .getOptions()
                                .hasExtension(AnnotationsProto.http)) {
                    rules.add(of(method, schema.getMethodDescriptor()));
                }
            }
        }
        return rules;
    }

    @SuppressWarnings("unchecked") // methods of protobuf services carry messages
    private static HttpRule of(
            MethodDescriptor<?, ?> method, Descriptors.MethodDescriptor descriptor) {
        com.google.api.HttpRule rule = descriptor.getOptions().getExtension(AnnotationsProto.http);
        PatternCase verb = rule.getPatternCase();
        String path =
                switch (verb) {
                    case GET -> rule.getGet();
                    case POST -> rule.getPost();
                    case PATCH -> rule.getPatch();
                    case DELETE -> rule.getDelete();
                    case PUT, CUSTOM, PATTERN_NOT_SET ->
                            throw new IllegalArgumentException(
                                    descriptor.getFullName() + ": http rule with " + verb);
                };
        return new HttpRule(
                (MethodDescriptor<Message, Message>) method,
                descriptor,
                verb.name(),
                PathTemplate.parse(path),
                rule.getBody());
    }

    /** An empty request. */
    Message.Builder request() {
        var marshaller = (PrototypeMarshaller<Message>) method.getRequestMarshaller();
        return Objects.requireNonNull(marshaller.getMessagePrototype()).newBuilderForType();
    }

    boolean streams() {
        return descriptor.isServerStreaming();
    }
}
