/* SPDX-FileCopyrightText: The Sockledger authors */
/* SPDX-License-Identifier: GPL-2.0-only */

/* Who a process is, noted when it first uses a socket: a process that lives 10 ms keeps its name. */

#ifndef SOCKLEDGER_BPF_IDENTITY_H
#define SOCKLEDGER_BPF_IDENTITY_H

#include "maps.h"

#define NANOSECONDS_PER_TICK 10000000ull /* USER_HZ is 100 on every architecture that runs BPF */

static __always_inline __u64 owner_of(struct task_struct *task)
{
	__u64 start = BPF_CORE_READ(task, group_leader, start_boottime) / NANOSECONDS_PER_TICK;
	return start << OWNER_PID_BITS | (BPF_CORE_READ(task, tgid) & OWNER_PID_MASK);
}

/* The path of the program, leaf first, across mounts up to the root of the initial namespace's tree.
 * Each step fills its own part, which stays empty where it only goes from a mount to the one above:
 * an index that varies would make the verifier walk every combination. */
static __always_inline void read_exe(struct task_struct *task, struct process_identity *identity)
{
	struct file *exe = BPF_CORE_READ(task, mm, exe_file);
	struct dentry *dentry = BPF_CORE_READ(exe, f_path.dentry);
	struct vfsmount *vfsmount = BPF_CORE_READ(exe, f_path.mnt);
	struct mount *mount = (void *)vfsmount - bpf_core_field_offset(struct mount, mnt);
	__u32 whole = 0;

#pragma unroll
	for (int step = 0; step < EXE_DEPTH; step++) {
		struct dentry *parent = BPF_CORE_READ(dentry, d_parent);
		bool is_mount_root = dentry == BPF_CORE_READ(mount, mnt.mnt_root);
		struct mount *above = BPF_CORE_READ(mount, mnt_parent);

		identity->exe[step][0] = 0;
		if (dentry == parent || is_mount_root) {
			if (above == mount)
				whole = 1; /* stays here to the last step */
			dentry = BPF_CORE_READ(mount, mnt_mountpoint);
			mount = above;
		} else {
			const unsigned char *name = BPF_CORE_READ(dentry, d_name.name);
			bpf_probe_read_kernel_str(identity->exe[step], EXE_NAME, name);
			dentry = parent;
		}
	}
	identity->exe_whole = exe && whole;
}

static __always_inline void note_change(void)
{
	__sync_fetch_and_add(&globals.identity_changes, 1);
}

static __noinline int note_identity(struct task_struct *task, __u64 owner)
{
	__u32 zero = 0;
	struct process_identity *identity;

	if (bpf_map_lookup_elem(&identities, &owner))
		return 0;
	identity = bpf_map_lookup_elem(&identity_scratch, &zero);
	if (!identity)
		return 0;
	BPF_CORE_READ_STR_INTO(&identity->comm, task, group_leader, comm);
	identity->cgroup_id = BPF_CORE_READ(task, cgroups, dfl_cgrp, kn, id);
	identity->exited_ns = 0;
	identity->uid = BPF_CORE_READ(task, cred, euid.val);
	identity->parent_pid = BPF_CORE_READ(task, real_parent, tgid);
	identity->exec_count = 0;
	identity->forks = 0;
	read_exe(task, identity);
	if (!bpf_map_update_elem(&identities, &owner, identity, BPF_NOEXIST))
		note_change();
	else if (!bpf_map_lookup_elem(&identities, &owner))
		__sync_fetch_and_add(&globals.lost_identities, 1);
	return 0;
}

#endif
