package ips.core.payload;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashSet;
import java.util.Set;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/**
 * Counts how often code goes round its loops and enters its methods: its work in steps, the same on
 * any machine. Loads the classes of some packages anew with an addition before each backward jump
 * and at each entry, so the code itself keeps no count and pays nothing.
 *
 * <p>For one thread at a time. {@code System.arraycopy} counts as a step for each element.
 */
public final class StepCounter extends ClassLoader {
    private static long steps;

    private final String packagePrefix;

    /**
     * @param packagePrefix classes whose name begins so are counted; all others are shared
     */
    public StepCounter(String packagePrefix) {
        super(StepCounter.class.getClassLoader());
        this.packagePrefix = packagePrefix;
    }

    /** Steps since the JVM began. */
    public static long steps() {
        return steps;
    }

    /** An instance of a counted class, by its constructor without parameters. */
    public <T> T make(Class<?> counted, Class<T> as) {
        try {
            var constructor = loadClass(counted.getName()).getDeclaredConstructor();
            constructor.setAccessible(true);
            return as.cast(constructor.newInstance());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Called by counted code. */
    public static void step() {
        steps++;
    }

    /** Called by counted code in place of {@code System.arraycopy}. */
    public static void arraycopy(Object from, int at, Object to, int toAt, int length) {
        steps += length;
        System.arraycopy(from, at, to, toAt, length);
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (!name.startsWith(packagePrefix) || name.equals(StepCounter.class.getName())) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            Class<?> loaded = findLoadedClass(name);
            return loaded != null ? loaded : counted(name);
        }
    }

    private Class<?> counted(String name) throws ClassNotFoundException {
        try (InputStream in = getResourceAsStream(name.replace('.', '/') + ".class")) {
            if (in == null) {
                throw new ClassNotFoundException(name);
            }
            ClassReader reader = new ClassReader(in);
            ClassWriter writer = new ClassWriter(reader, ClassWriter.COMPUTE_MAXS);
            reader.accept(new CountingClass(writer), 0);
            byte[] bytes = writer.toByteArray();
            return defineClass(name, bytes, 0, bytes.length);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static final class CountingClass extends ClassVisitor {
        CountingClass(ClassVisitor next) {
            super(Opcodes.ASM9, next);
        }

        @Override
        public MethodVisitor visitMethod(
                int access, String name, String type, String signature, String[] thrown) {
            return new CountingMethod(super.visitMethod(access, name, type, signature, thrown));
        }
    }

    private static final class CountingMethod extends MethodVisitor {
        private static final String COUNTER = StepCounter.class.getName().replace('.', '/');

        private final Set<Label> passed = new HashSet<>();

        CountingMethod(MethodVisitor next) {
            super(Opcodes.ASM9, next);
        }

        @Override
        public void visitCode() {
            super.visitCode();
            count();
        }

        @Override
        public void visitLabel(Label label) {
            passed.add(label);
            super.visitLabel(label);
        }

        @Override
        public void visitJumpInsn(int opcode, Label target) {
            if (passed.contains(target)) {
                count();
            }
            super.visitJumpInsn(opcode, target);
        }

        @Override
        public void visitMethodInsn(
                int opcode, String owner, String name, String type, boolean isInterface) {
            boolean copies = owner.equals("java/lang/System") && name.equals("arraycopy");
            super.visitMethodInsn(opcode, copies ? COUNTER : owner, name, type, isInterface);
        }

        private void count() {
            super.visitMethodInsn(Opcodes.INVOKESTATIC, COUNTER, "step", "()V", false);
        }
    }
}
