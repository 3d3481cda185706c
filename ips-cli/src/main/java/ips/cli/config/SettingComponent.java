package ips.cli.config;

import ips.core.Setting;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;

/**
 * One component of a configuration record, seen as a setting.
 *
 * @param key its name in kebab-case
 * @param type of its value; of its items where {@code list}
 * @param doc its {@code Setting}, or ""
 * @param value what it holds in the record it was taken from
 */
record SettingComponent(
        String key, Class<?> type, boolean list, boolean inline, String doc, Object value) {

    static List<SettingComponent> of(Record config) {
        return Arrays.stream(config.getClass().getRecordComponents())
                .map(component -> of(component, config))
                .toList();
    }

    private static SettingComponent of(RecordComponent component, Record config) {
        boolean list = component.getType() == List.class;
        Class<?> type =
                list
                        ? (Class<?>)
                                ((ParameterizedType) component.getGenericType())
                                        .getActualTypeArguments()[0]
                        : component.getType();
        Setting setting = component.getAnnotation(Setting.class);
        return new SettingComponent(
                Keys.kebab(component.getName()),
                type,
                list,
                component.isAnnotationPresent(Inline.class),
                setting == null ? "" : setting.value(),
                read(component, config));
    }

    private static Object read(RecordComponent component, Record config) {
        try {
            component.getAccessor().setAccessible(true);
            return component.getAccessor().invoke(config);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(component + " cannot be read", e);
        }
    }

    /** Whether it is a level of its own rather than a value. */
    boolean isSection() {
        return !list && type.isRecord() && ValueType.of(type).isEmpty();
    }

    /** Whether it is a list of levels of their own. */
    boolean isListOfSections() {
        return list && type.isRecord() && ValueType.of(type).isEmpty();
    }

    /** What an item of such a list is where it says nothing: the record's {@code DEFAULTS}. */
    Record item() {
        try {
            Field defaults = type.getField("DEFAULTS");
            return (Record) defaults.get(null);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(type + " has no DEFAULTS", e);
        }
    }

    /** The record as a section's value. */
    Record section() {
        return (Record) value;
    }

    ValueType valueType() {
        return ValueType.of(type)
                .orElseThrow(() -> new IllegalStateException(key + ": no way to write a " + type));
    }

    /**
     * Makes a record of the same class from other values.
     *
     * @throws IllegalArgumentException from the record's constructor: a value it refuses
     */
    static <T extends Record> T make(Class<T> type, List<Object> values) {
        Class<?>[] types =
                Arrays.stream(type.getRecordComponents())
                        .map(RecordComponent::getType)
                        .toArray(Class<?>[]::new);
        try {
            Constructor<T> constructor = type.getDeclaredConstructor(types);
            constructor.setAccessible(true);
            return constructor.newInstance(values.toArray());
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof RuntimeException refused) {
                throw refused;
            }
            throw new IllegalStateException(e);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(type + " cannot be made", e);
        }
    }
}
