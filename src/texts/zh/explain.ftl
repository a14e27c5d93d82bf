# `pointplane explain` 的说明：report/explanation.rs。A、B 为两个世界。

explain-place = { $name }（{ $id }）
explain-no-layout = 不加布局的情景
explain-head = { $scenario }，第 { $replicate } 次重复，种子 { $seed }
explain-same = 两种布局相同，两个世界也相同：始终没有差异。
explain-never = 两个世界始终没有分开：布局的改动在这次重复中不起作用。
explain-part-alone = 两个世界在 { $month } 分开（当月没有其他差异）
explain-part = 两个世界在 { $month } 分开（当月另有 { $more } 处差异，按代码取第一处）
explain-part-alone-then = 两个世界在 { $month } 分开（此时没有其他差异）
explain-part-then = 两个世界在 { $month } 分开（此时另有 { $more } 处差异，按代码取第一处）
explain-since = 自 { $since } 起第一个不同的事件
explain-since-none = 没有
explain-first-adoption = 第一个不同的采纳
explain-reaches = 差异如何传到{ $place }
explain-item-same = { $place }在两个世界中于{ $step ->
        [month] 同一个月
        [quarter] 同一季度
        [year] 同一年
       *[day] 同一天
    }采纳 { $item }，或均未采纳。
explain-place-same = { $place }始终没有差异：在两个世界中于{ $step ->
        [month] 相同月份
        [quarter] 相同季度
        [year] 相同年份
       *[day] 相同日期
    }采纳相同的创新。
explain-place-same-since = 自 { $since } 起，{ $place }在两个世界中于{ $step ->
        [month] 相同月份
        [quarter] 相同季度
        [year] 相同年份
       *[day] 相同日期
    }采纳相同的创新。
explain-note = 每一步给出其差异的最大原因，数字表示该原因占差异的份额。这条链是主要路径，不是全部。
explain-differ = 两种布局的不同之处
explain-differ-more = 另有 { $more } 处：见 pointplane diff
explain-root = 布局      { $items }
explain-no-cause = （第 1 步未找到原因）
explain-in = 在 { $world } 中
explain-in-both = 两个世界均为 { $month }
explain-in-and = 在 { $world } 中；在 { $other } 中为 { $month }
explain-in-and-never = 在 { $world } 中；在 { $other } 中从未
explain-because = 原因：{ $cause }
explain-because-numbers = 原因：{ $cause }，{ $numbers }
explain-more-causes = 另 { $count } 个 { $share }
explain-also = 还有：{ $list }
explain-levels = { $here }，在 { $other } 中 { $there }
explain-sums = 累积风险率 { $here }，在 { $other } 中 { $there }；阈值介于其间
explain-through = （{ $list }）

## 事件

event-implemented = { $place }实施 { $item }
event-adopted = { $place }采纳 { $item }
event-abandoned = { $place }放弃 { $item }
event-adopted-word = { $place }经他处影响采纳 { $item }
event-line = { $place }至{ $other }的线
event-circle = { $place }的圈
event-circle-joins = { $place }的圈，连同{ $a }与{ $b }
event-axis = 轴 { $corridor }
event-axis-joins = 轴 { $corridor }，连同{ $a }与{ $b }
event-provincial = { $place }所在省复制推广 { $item }
event-national = 中央复制推广 { $item }
event-pull = { $place }的企业对 { $domain } 的需求更强：{ $levels }
event-uptake = { $place }有更多企业采用 { $domain }，按规模计 { $levels }

## 原因：接在“原因：”之后，或在份额之前

cause-step = 第 { $step } 步
cause-has-it = { $place }已采纳
cause-has = { $place }已采纳 { $item }
cause-it = 本地
cause-hears = { $listener }经{ $way } 接收{ $place }的影响
cause-hears-more = { $listener }经{ $way } 接收{ $place }的更多影响
cause-hears-less = { $listener }经{ $way } 接收{ $place }的较少影响
cause-opens = { $place }处于存续期
cause-demand = 本地企业对 { $domain } 的需求
cause-uptake = { $place }的企业已采用 { $domain }
cause-partners = 本地企业的伙伴已采用 { $domain }
cause-parameters = 属性或参数不同
cause-credit = { $place }对 { $item } 的归因
cause-line = { $place }至{ $other }的线
cause-circle = { $place }的圈
cause-other = 日期或阈值不同
share-of-weight = 所缺权重的 { $share } 系于它
share-of-missing = 占所缺的 { $share }
share-of-difference = 占差异的 { $share }
share-of-flow = 占当月流量的 { $share }
share-of-hazard = 占当月风险率的 { $share }

## 差异如何扩散：两行表头，不宜比英文更宽

spread-head = 差异如何逐年扩散
spread-earlier = 采纳较早
spread-less = B 减 A
spread-new = 新增
spread-structures = 结构与
spread-year = 年份
spread-to-date = 累计
spread-places = 地方
spread-replications = 复制推广
spread-firms-same = 两个世界中企业的采用相同。
spread-firms = 自 { $month } 起企业的采用出现差异：期末在 { $pairs } 个“地区—领域”组合中有 { $differ } 个不同，其中 { $in_a } 个 A 较多，{ $in_b } 个 B 较多。
spread-reached = 曾出现差异的地方：{ $n } 个。最先者：
spread-place = { $place }：{ $item }，A { $a }，B { $b }

## experiment/explain/root.rs: what the layouts set

root-only-a = { $what } { $id } 仅在 A 中
root-only-b = { $what } { $id } 仅在 B 中
root-changed = { $what } { $id }：{ $changes }
root-standing = 接收 { $zone } 影响的地方自其设立的次月起便较少接收其他地方的影响，此时它可能尚无创新可供传播；其撤销之后又重新更多地接收其他地方的影响（模型第 7.1 节）。

## cli/explain.rs, experiment/explain/plan.rs

no-draw = 没有这一次参数抽样
explain-two-layouts = 须给出情景的两个布局，或重演的结果文件夹
explain-which-draw = 参数是抽取的，请指明是哪一次抽取
explain-not-replay = 此文件夹中是{ $kind }；结果之中只解释重演
explain-set-by-folder = 结果文件夹本身已说明此项
explain-which-layout = 其中重演了多个布局，请指明一个
explain-same-layout = 这正是历史发生时的布局
explain-of-history = A 为历史，B 为历史本会如何
