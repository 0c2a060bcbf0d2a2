/* Host, operating system, and whether this is a virtual machine or a container. */
#include <string.h>
#include <sys/utsname.h>

#include "bench/environment/collect.h"
#include "runtime/base/sysfs.h"

/* How firmware names itself under each hypervisor. */
static const char *firmware_hypervisor(const sy_collector *collector) {
    static const struct {
        const char *path, *begins, *name;
    } rows[] = {
        {"/sys/hypervisor/type", "xen", "xen"},
        {"/sys/class/dmi/id/sys_vendor", "QEMU", "kvm"},
        {"/sys/class/dmi/id/sys_vendor", "Amazon EC2", "kvm"},
        {"/sys/class/dmi/id/sys_vendor", "Alibaba Cloud", "kvm"},
        {"/sys/class/dmi/id/sys_vendor", "Google", "kvm"},
        {"/sys/class/dmi/id/sys_vendor", "OpenStack", "kvm"},
        {"/sys/class/dmi/id/sys_vendor", "VMware", "vmware"},
        {"/sys/class/dmi/id/sys_vendor", "innotek GmbH", "virtualbox"},
        {"/sys/class/dmi/id/sys_vendor", "Xen", "xen"},
        {"/sys/class/dmi/id/product_name", "Virtual Machine", "hyper-v"},
        {"/sys/class/dmi/id/product_name", "KVM", "kvm"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char text[128];
        if (sy_sysfs_text(collector->root, rows[i].path, text, sizeof text, NULL) == SY_OK &&
            strncmp(text, rows[i].begins, strlen(rows[i].begins)) == 0)
            return rows[i].name;
    }
    return NULL;
}

/* "yes" or "none" by the CPU's hypervisor flag, which x86 has; NULL where there is no line of flags. */
static const char *flagged_hypervisor(const sy_collector *collector) {
    static const char word[] = " hypervisor";
    char text[16384], flags[8192];
    sy_sysfs_text(collector->root, "/proc/cpuinfo", text, sizeof text, NULL);
    if (!sy_collect_line(text, "flags", ':', flags, sizeof flags))
        return NULL;
    const char *found = strstr(flags, word);
    bool is_word = found != NULL && strchr(" ", found[sizeof word - 1]) != NULL;
    return is_word ? "yes" : "none";
}

static const char *container(const sy_collector *collector) {
    static const struct {
        const char *path, *contains, *name;
    } rows[] = {
        {"/run/.containerenv", "", "podman"},
        {"/.dockerenv", "", "docker"},
        {"/proc/1/cgroup", "kubepods", "kubernetes"},
        {"/proc/1/cgroup", "/docker/", "docker"},
        {"/proc/1/cgroup", "/lxc/", "lxc"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char text[4096];
        sy_status status = sy_sysfs_text(collector->root, rows[i].path, text, sizeof text, NULL);
        if (status == SY_OK && strstr(text, rows[i].contains) != NULL)
            return rows[i].name;
    }
    return NULL;
}

static void read_os(sy_collector *collector) {
    char text[4096], value[256];
    sy_sysfs_text(collector->root, "/etc/os-release", text, sizeof text, NULL);
    if (sy_collect_line(text, "PRETTY_NAME", '=', value, sizeof value))
        collector->facts->host.os = sy_collect_keep(collector, value);
}

void sy_collect_host(sy_collector *collector) {
    sy_environment *facts = collector->facts;
    facts->host.name = sy_collect_file(collector, "/proc/sys/kernel/hostname");
    facts->host.kernel = sy_collect_file(collector, "/proc/sys/kernel/osrelease");
    facts->host.arch = sy_collect_file(collector, "/proc/sys/kernel/arch");
    struct utsname running;
    bool is_real = collector->root == NULL || collector->root[0] == '\0';
    if (facts->host.arch == NULL && is_real && uname(&running) == 0)
        facts->host.arch = sy_collect_keep(collector, running.machine);
    read_os(collector);
    const char *hypervisor = firmware_hypervisor(collector);
    facts->host.virtualization = hypervisor != NULL ? hypervisor : flagged_hypervisor(collector);
    facts->host.container = container(collector);
    facts->clock.source =
        sy_collect_file(collector, "/sys/devices/system/clocksource/clocksource0/current_clocksource");
}
