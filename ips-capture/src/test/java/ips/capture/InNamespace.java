package ips.capture;

import java.io.IOException;
import java.lang.reflect.Method;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;

/**
 * Runs each test in a {@link Namespace} of its own, on a thread that lives there; skips it where
 * none can be made.
 */
final class InNamespace implements InvocationInterceptor {
    private Namespace namespace;

    /** Runs a command in the test's namespace and returns what it prints. */
    String run(String... command) throws IOException {
        return namespace.run(command);
    }

    void addPair() throws IOException {
        namespace.addPair();
    }

    @Override
    public void interceptTestMethod(
            Invocation<Void> invocation,
            ReflectiveInvocationContext<Method> method,
            ExtensionContext context)
            throws Throwable {
        enter(invocation);
    }

    @Override
    public void interceptTestTemplateMethod(
            Invocation<Void> invocation,
            ReflectiveInvocationContext<Method> method,
            ExtensionContext context)
            throws Throwable {
        enter(invocation);
    }

    private void enter(Invocation<Void> invocation) throws Throwable {
        ExecutorService executor = Executors.newSingleThreadExecutor();
        try {
            executor.submit(
                            () -> {
                                proceed(invocation);
                                return null;
                            })
                    .get();
        } catch (ExecutionException e) {
            throw e.getCause();
        } finally {
            executor.shutdownNow();
        }
    }

    private void proceed(Invocation<Void> invocation) throws Exception {
        try (Namespace own = new Namespace()) {
            namespace = own;
            invocation.proceed();
        } catch (Exception | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }
}
