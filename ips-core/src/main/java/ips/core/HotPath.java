package ips.core;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks code that runs once per frame: it allocates nothing, builds no text, reads no clock, takes
 * no lock and throws nothing because of input.
 *
 * <p>{@code LayeringTest} checks what can be seen in the class files of marked types and packages;
 * {@code AllocationTest} checks the rest.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.PACKAGE})
public @interface HotPath {}
